import ArgumentParser
import Design
import Jobs
import LearnedModels
import Wyckoff

/// What shells offer where an option takes one of some names.
enum CompletedValues {
    static let potentials = CompletionKind.list(LearnedModel.potentials.map(\.name))
    static let lattices = CompletionKind.list(BravaisLattice.allCases.map(\.rawValue))
    static let allLattices = CompletionKind.list(["all"] + BravaisLattice.allCases.map(\.rawValue))
    static let objectives = CompletionKind.list(
        SimilarityMeasure.all.map(\.name) + ["energy", "xrd+energy:0.2"])
    static let metrics = CompletionKind.list(["all"] + ComparisonMetric.all.map(\.name))
    static let models = CompletionKind.list(PropertyModel.all.map(\.name))
    static let standards = CompletionKind.list(CalibrationStandard.allCases.map(\.rawValue))
    static let templates = CompletionKind.list(Prototype.all.map(\.name))
    static let wavelengths = CompletionKind.list(
        ["Cr", "Fe", "Co", "Cu", "Mo", "Ag"].flatMap { ["\($0)Ka", "\($0)Ka1"] } + ["CuKa-emission"])
}
