import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Refinement
import Symmetry

/// Finds the free Wyckoff coordinates that explain integrated intensities, by many starts of Levenberg–Marquardt
/// and, for many coordinates, basin hopping.
///
/// The parameters are the structure's free coordinates, then one overall B in Å².
package struct AtomSearch: Sendable {
    package var settings: RecoverySettings.Atoms
    package var seed: UInt64

    package init(settings: RecoverySettings.Atoms = RecoverySettings.Atoms(), seed: UInt64 = 1) {
        (self.settings, self.seed) = (settings, seed)
    }

    /// A distinct minimum as a structure, best first.
    package struct Candidate: Sendable {
        package var structure: ReducedStructure
        /// Overall B in Å².
        package var b: Double
        package var rwp: Double
        package var scale: Double
        /// How many starts led here.
        package var hits: Int
        package var confirmation: SearchConfirmation
    }

    package func callAsFunction(
        _ start: ReducedStructure, model: some IntensityModel, profile: CompressedProfile,
        progress: (_ done: Int, _ best: Double) -> Void = { _, _ in }
    ) throws(CancellationError) -> [Candidate] {
        var random = RandomStream(seed: seed, index: 7)
        let coordinates = start.freeCoordinates.count
        let latticeCount = start.latticeParameters.names.count
        let scales = start.parameters.dropFirst(latticeCount).map(\.scale)
        let first = Array(start.parameterVector.dropFirst(latticeCount))
        let fit = IntensityFit(settings: settings)
        let moves = OrbitMoves(start, scales: scales, settings: settings)
        var found: [Found] = []
        // Hops return to where they came from: only what began anew confirms a minimum.
        var beginning = 0

        func run(_ u: [Double]) -> IntensityMinimum {
            let minimum = descended(u, coordinates, model, profile)
            Found.insert(minimum, into: &found, from: beginning, settings)
            return minimum
        }

        var current = run(first + [settings.displacement])
        var sinceGain = 0
        var starts = 1
        for index in 1..<max(2, settings.starts) {
            // A caller who cancels waits for one minimum at most.
            try WorkLimit.check()
            if WorkLimit.isSearchOver { break }
            if coordinates == 0 || found[0].minimum.rwp < settings.goal { break }
            if index > settings.leastStarts, found[0].beginnings.count >= settings.confirmations { break }
            let trial: [Double]
            if index <= settings.nearStarts {
                if coordinates < settings.hoppingFrom { beginning = index }
                trial =
                    first.indices.map { first[$0] + random.normal() * settings.nearStart * scales[$0] }
                    + [settings.displacement]
            } else if coordinates < settings.hoppingFrom || sinceGain > settings.patience {
                sinceGain = 0
                beginning = index
                trial = moves.anywhere(&random) + [settings.displacement]
            } else {
                let b = current.parameters[coordinates]
                trial =
                    moves.hop(current.parameters, &random) { fit.misfit(model, profile, at: $0 + [b]) } + [b]
            }
            let minimum = run(trial)
            starts += 1
            if beginning == index, index > settings.nearStarts { current = minimum }
            let gain = log(max(current.rwp, 1e-12) / max(minimum.rwp, 1e-12)) * 2
            if gain > 0 { sinceGain = 0 } else { sinceGain += 1 }
            if gain > 0 || random.uniform() < exp(gain / settings.temperature) { current = minimum }
            progress(index, found[0].minimum.rwp)
        }
        return found.map { entry in
            candidate(
                start, entry.minimum, hits: entry.hits,
                confirmation: SearchConfirmation(
                    beginnings: entry.beginnings.count, starts: starts, coordinates: coordinates))
        }
    }

    /// One descent from a candidate, as a rule of other intensities than those that it was found with.
    package func polished(
        _ found: Candidate, model: some IntensityModel, profile: CompressedProfile
    ) -> Candidate {
        let coordinates = found.structure.freeCoordinates.count
        let u = found.structure.parameterVector.suffix(coordinates) + [found.b]
        let minimum = descended(Array(u), coordinates, model, profile)
        return candidate(found.structure, minimum, hits: found.hits, confirmation: found.confirmation)
    }

    private func descended(
        _ u: [Double], _ coordinates: Int, _ model: some IntensityModel, _ profile: CompressedProfile
    ) -> IntensityMinimum {
        let steps =
            [Double](repeating: settings.coordinateStep, count: coordinates) + [settings.displacementStep]
        let bounds =
            [ClosedRange<Double>](repeating: Self.coordinateRange, count: coordinates)
            + [settings.displacementRange]
        return IntensityFit(settings: settings)(model, profile, from: u, steps: steps, bounds: bounds)
    }

    private func candidate(
        _ start: ReducedStructure, _ minimum: IntensityMinimum, hits: Int, confirmation: SearchConfirmation
    ) -> Candidate {
        let coordinates = start.freeCoordinates.count
        var structure = start
        structure.parameterVector = start.latticeParameters.values + minimum.parameters.prefix(coordinates)
        return Candidate(
            structure: structure, b: minimum.parameters[coordinates], rwp: minimum.rwp, scale: minimum.scale,
            hits: hits, confirmation: confirmation)
    }

    /// Of fractional coordinates, which are periodic: no more than a guard against a descent that runs away.
    private static let coordinateRange = -3.0...4

    private struct Found {
        var minimum: IntensityMinimum
        var hits: Int
        /// The starts, numbered, from which the minimum was reached by however many hops.
        var beginnings: Set<Int>

        /// Keeps the best minima that differ in their fit.
        static func insert(
            _ minimum: IntensityMinimum, into found: inout [Found], from beginning: Int,
            _ settings: RecoverySettings.Atoms
        ) {
            if let same = found.firstIndex(where: { $0.agrees(with: minimum, settings) }) {
                found[same].hits += 1
                found[same].beginnings.insert(beginning)
                if minimum.rwp < found[same].minimum.rwp { found[same].minimum = minimum }
            } else {
                found.append(Found(minimum: minimum, hits: 1, beginnings: [beginning]))
            }
            found.sort { $0.minimum.rwp < $1.minimum.rwp }
            if found.count > settings.minimaKept { found.removeLast() }
        }

        /// Equivalent descriptions have the same Rwp to many digits; equal fits count as one minimum.
        private func agrees(with other: IntensityMinimum, _ settings: RecoverySettings.Atoms) -> Bool {
            abs(minimum.rwp - other.rwp)
                < settings.sameMinimum * max(minimum.rwp, settings.sameMinimumFloor)
        }
    }
}
