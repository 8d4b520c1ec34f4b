return Beamline.Learning.TrainingWorker.Run(args);
