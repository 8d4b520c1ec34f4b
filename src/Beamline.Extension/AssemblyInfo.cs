using Beamline.Extension;
using Beamline.Notebook;

[assembly: NotebookExtension(typeof(BeamlineExtension))]
