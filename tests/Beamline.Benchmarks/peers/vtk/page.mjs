// vtk.js draws a volume as an application with only volume rendering would: one canvas, one transfer function, bytes as they come.
import '@kitware/vtk.js/Rendering/Profiles/Volume.js';
import vtkGenericRenderWindow from '@kitware/vtk.js/Rendering/Misc/GenericRenderWindow.js';
import vtkVolume from '@kitware/vtk.js/Rendering/Core/Volume.js';
import vtkVolumeMapper from '@kitware/vtk.js/Rendering/Core/VolumeMapper.js';
import vtkImageData from '@kitware/vtk.js/Common/DataModel/ImageData.js';
import vtkDataArray from '@kitware/vtk.js/Common/Core/DataArray.js';
import vtkColorTransferFunction from '@kitware/vtk.js/Rendering/Core/ColorTransferFunction.js';
import vtkPiecewiseFunction from '@kitware/vtk.js/Common/DataModel/PiecewiseFunction.js';

globalThis.showVolume = async ({ bytes, dims, low, high, edge }) => {
  const packed = Uint8Array.from(atob(bytes), c => c.charCodeAt(0));
  const values = new Uint8Array(await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());
  const container = document.body.appendChild(document.createElement('div'));
  container.style.cssText = `width:${edge}px;height:${edge}px`;
  const view = vtkGenericRenderWindow.newInstance({ background: [.06, .06, .08] });
  view.setContainer(container);
  view.resize();
  const image = vtkImageData.newInstance();
  image.setDimensions(dims);
  image.getPointData().setScalars(vtkDataArray.newInstance({ name: 'values', numberOfComponents: 1, values }));
  const mapper = vtkVolumeMapper.newInstance();
  mapper.setInputData(image);
  mapper.setSampleDistance(1);
  const actor = vtkVolume.newInstance();
  actor.setMapper(mapper);
  const colors = vtkColorTransferFunction.newInstance(), opacity = vtkPiecewiseFunction.newInstance();
  colors.addRGBPoint(low, 0, 0, 0);
  colors.addRGBPoint(high, 1, 1, 1);
  opacity.addPoint(low, 0);
  opacity.addPoint(high, .5);
  actor.getProperty().setRGBTransferFunction(0, colors);
  actor.getProperty().setScalarOpacity(0, opacity);
  actor.getProperty().setInterpolationTypeToLinear();
  const renderer = view.getRenderer(), window = view.getRenderWindow();
  renderer.addVolume(actor);
  renderer.resetCamera();
  window.render();
  globalThis.turnOnce = () => {
    renderer.getActiveCamera().azimuth(10);
    window.render();
  };
  globalThis.vtkCanvas = container.querySelector('canvas');
};
