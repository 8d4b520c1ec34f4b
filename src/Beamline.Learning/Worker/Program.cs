return args is [Beamline.Learning.TorchScriptProbe.Command, ..] ? Beamline.Learning.TorchScriptProbe.Run(args) : Beamline.Learning.TrainingWorker.Run(args);
