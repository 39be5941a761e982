import Crystallography
import Diffraction
import ExplainedErrors
import Landscape
import NumericalMethods
import Parameterization
import Studies

/// Follows optimisers from one start over the plane of two parameters, and takes the map under their ways.
package struct PathsJob: Job {
    /// Where the paths begin.
    package enum Start: Sendable {
        /// The truth with some parameters changed, outside of its family where they say so.
        case parameters([NamedValue])
        /// The truth distorted at random with this σ, in what the axes are.
        case distorted(Double)
    }

    package struct NamedValue: Sendable, Hashable {
        package var name: String
        package var value: Double

        package init(_ name: String, _ value: Double) { (self.name, self.value) = (name, value) }
    }

    package var reference: RecoveryReference
    package var plane: LandscapePlane
    package var start: Start
    package var seed: UInt64 = 1
    package var arms: [any RecoveryArm]
    package var measure: SimilarityMeasure
    /// Of the map.
    package var model: PowderModel
    /// Degrees 2θ, of the map.
    package var twoTheta: [Double]
    package var sampling: PlaneSampling

    package init(
        _ reference: RecoveryReference, _ plane: LandscapePlane, from start: Start, arms: [any RecoveryArm],
        measure: SimilarityMeasure, model: PowderModel, twoTheta: [Double], sampling: PlaneSampling
    ) {
        (self.reference, self.plane, self.start, self.arms) = (reference, plane, start, arms)
        (self.measure, self.model, self.twoTheta, self.sampling) = (measure, model, twoTheta, sampling)
    }

    package struct Outcome: Sendable {
        package var reference: RecoveryReference
        package var plane: LandscapePlane
        package var paths: [OptimiserPath]
        package var map: LandscapeMap
    }

    /// σ of the streams of random numbers where the start is not distorted.
    private static let usualStrength = 0.1

    package func run(reporting report: @escaping JobProgress.Sink) async throws -> Outcome {
        let (reference, plane) = (reference, plane)
        let names = (plane.x.name, plane.y.name)
        let sample = RecoverySample(
            structure: reference.name, noise: NoiseLevel(kind, strength), index: 0, seed: seed)
        let begin = try begin(sample)
        let paths = try await parallelMap(arms) { arm in
            report(.step(arm.name))
            return try OptimiserPath(of: arm, from: begin, sample: sample, reference: reference, along: names)
        }
        try Task.checkCancellation()
        let (x, y) = try sampling.points(of: plane, holding: paths.flatMap(\.points))
        let (measure, model, twoTheta) = (measure, model, twoTheta)
        let map = try await LandscapeMap.evaluated(
            x: x, y: y, prepare: { try plane.loss(measure, model: model, twoTheta: twoTheta) },
            progress: { report(.step("map: row \($0) of \($1)", done: $0, of: $1)) })
        try Task.checkCancellation()
        return Outcome(reference: reference, plane: plane, paths: paths, map: map)
    }

    private var kind: NoiseLevel.Kind {
        let isCell = [plane.x.name, plane.y.name].map { LatticeParameters.cellNames.contains($0) }
        return isCell == [true, true] ? .lattice : isCell == [false, false] ? .coordinates : .both
    }

    private var strength: Double {
        if case .distorted(let strength) = start { return strength }
        return Self.usualStrength
    }

    private func begin(_ sample: RecoverySample) throws -> CrystalStructure {
        switch start {
        case .distorted: return sample.start(of: reference)
        case .parameters(let values): return try Self.moved(reference.reduced, values)
        }
    }

    /// The truth with the named values; lengths and angles that the family ties and nobody names follow their leader.
    private static func moved(
        _ truth: ReducedStructure, _ values: [NamedValue]
    ) throws(PathStartError) -> CrystalStructure {
        var moved = truth
        let names = truth.parameters.map(\.name)
        let values = values.map {
            NamedValue(AxisName.meant($0.name, among: names + LatticeParameters.cellNames), $0.value)
        }
        var vector = truth.parameterVector
        for value in values {
            if let index = names.firstIndex(of: value.name) {
                vector[index] = value.value
            } else if !LatticeParameters.cellNames.contains(value.name) {
                throw .unknown(parameter: value.name, known: names)
            }
        }
        moved.parameterVector = vector
        var structure = moved.expanded()
        var cell = moved.latticeParameters.cell
        for value in values {
            if let k = LatticeParameters.cellNames.firstIndex(of: value.name) { cell[k] = value.value }
        }
        let lattice = Lattice(
            a: cell[0], b: cell[1], c: cell[2], alpha: cell[3], beta: cell[4], gamma: cell[5])
        guard lattice.volume.isFinite, lattice.volume > leastVolume else { throw .flatCell }
        structure.lattice = lattice
        return structure
    }

    /// Å³: no atom fits into less.
    private static let leastVolume = 1.0
}

/// Why paths cannot begin where they are asked to.
package enum PathStartError: ExplainedError, Hashable {
    case unknown(parameter: String, known: [String])
    case flatCell

    package var explanation: Explanation {
        switch self {
        case .unknown(let parameter, let known):
            Explanation(
                "no parameter '\(parameter)'",
                remedy: "there are \(known.joined(separator: " ")) and a b c alpha beta gamma",
                place: "--start")
        case .flatCell: Explanation("these six cell parameters span no cell", place: "--start")
        }
    }
}
