import Crystallography
import LearnedModels
import PropertyModels

/// What learned models say of the properties of a structure.
package struct PredictionJob: Job {
    package var structure: CrystalStructure
    package var models: [CGCNN]
    /// How a shell of equal distances is treated where the list of neighbours cuts it.
    package var ties = TieMode.symmetric

    package init(_ structure: CrystalStructure, _ models: [CGCNN]) {
        (self.structure, self.models) = (structure, models)
    }

    package struct Outcome: Sendable {
        /// One for each model, in its unit.
        package var values: [Double]
        /// Atoms whose list of neighbours is cut inside a shell of equal distances.
        package var cutShells: Int
    }

    package func run(reporting report: @escaping JobProgress.Sink) throws -> Outcome {
        try Task.checkCancellation()
        let crystal = try MixedCrystal(structure, ties: ties)
        let values = try models.map { model in
            try Task.checkCancellation()
            return model.evaluate(crystal, gradient: false).value
        }
        return Outcome(values: values, cutShells: crystal.neighbours.cutShells)
    }
}
