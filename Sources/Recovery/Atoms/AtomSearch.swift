import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// Finds the free Wyckoff coordinates that explain integrated intensities, by many starts of Levenberg–Marquardt
/// and, for many coordinates, basin hopping.
///
/// The parameters are the structure's free coordinates, then one overall B in Å².
public struct AtomSearch: Sendable {
    /// Full searches from random or hopped starts.
    public var starts = 200
    /// From this number of free coordinates on, starts come from basin hopping.
    public var hoppingFrom = 12
    /// How many starts after the first are moves around it.
    public var nearStarts = 12
    /// Steps of one descent at most.
    public var iterations = 40
    /// Standard deviation of the moves around the given start, in Å.
    public var nearStart = 0.3
    /// Atoms closer than this share of the sum of covalent radii make a start that is drawn again.
    public var clash = 0.65
    /// The search ends early when the best minimum was reached this often from separate starts…
    public var confirmations = 6
    /// …or at this Rwp.
    public var goal = 1e-4
    public var seed: UInt64 = 1

    public init() {}

    /// A distinct minimum as a structure, best first.
    public struct Candidate: Sendable {
        public var structure: ReducedStructure
        /// Overall B in Å².
        public var b: Double
        public var rwp: Double
        public var scale: Double
        /// How many starts led here.
        public var hits: Int
    }

    public func callAsFunction(
        _ start: ReducedStructure, model: some IntensityModel, profile: CompressedProfile,
        progress: (_ done: Int, _ best: Double) -> Void = { _, _ in }
    ) throws(CancellationError) -> [Candidate] {
        var random = RandomStream(seed: seed, index: 7)
        let coordinates = start.freeCoordinates.count
        let latticeCount = start.latticeParameters.names.count
        let scales = start.parameters.dropFirst(latticeCount).map(\.scale)
        let first = Array(start.parameterVector.dropFirst(latticeCount))
        var fit = IntensityFit()
        fit.iterations = iterations
        let steps = [Double](repeating: 0.05, count: coordinates) + [1]
        let bounds = [ClosedRange<Double>](repeating: -3...4, count: coordinates) + [-1...8]
        let moves = OrbitMoves(start, scales: scales, clash: clash)
        var found: [Found] = []
        // Hops return to where they came from: only what began anew confirms a minimum.
        var beginning = 0

        func run(_ u: [Double]) -> IntensityMinimum {
            let minimum = fit(model, profile, from: u, steps: steps, bounds: bounds)
            Found.insert(minimum, into: &found, from: beginning)
            return minimum
        }

        var current = run(first + [1])
        var sinceGain = 0
        for index in 1..<max(2, starts) {
            // A caller who cancels waits for one minimum at most.
            if Task.isCancelled { throw CancellationError() }
            if coordinates == 0 || found[0].minimum.rwp < goal { break }
            if index > 20, found[0].beginnings.count >= confirmations { break }
            let trial: [Double]
            if index <= nearStarts {
                if coordinates < hoppingFrom { beginning = index }
                trial = first.indices.map { first[$0] + random.normal() * nearStart * scales[$0] } + [1]
            } else if coordinates < hoppingFrom || sinceGain > 25 {
                sinceGain = 0
                beginning = index
                trial = moves.anywhere(&random) + [1]
            } else {
                let b = current.parameters[coordinates]
                trial =
                    moves.hop(current.parameters, &random) { fit.misfit(model, profile, at: $0 + [b]) } + [b]
            }
            let minimum = run(trial)
            if beginning == index, index > nearStarts { current = minimum }
            let gain = log(max(current.rwp, 1e-12) / max(minimum.rwp, 1e-12)) * 2
            if gain > 0 { sinceGain = 0 } else { sinceGain += 1 }
            if gain > 0 || random.uniform() < exp(gain / 0.25) { current = minimum }
            progress(index, found[0].minimum.rwp)
        }
        return found.map { entry in
            var structure = start
            structure.parameterVector =
                start.latticeParameters.values + entry.minimum.parameters.prefix(coordinates)
            return Candidate(
                structure: structure, b: entry.minimum.parameters[coordinates], rwp: entry.minimum.rwp,
                scale: entry.minimum.scale, hits: entry.hits)
        }
    }

    private struct Found {
        var minimum: IntensityMinimum
        var hits: Int
        /// The starts, numbered, from which the minimum was reached by however many hops.
        var beginnings: Set<Int>

        /// Keeps the ten best minima that differ in their fit.
        static func insert(_ minimum: IntensityMinimum, into found: inout [Found], from beginning: Int) {
            if let same = found.firstIndex(where: { $0.agrees(with: minimum) }) {
                found[same].hits += 1
                found[same].beginnings.insert(beginning)
                if minimum.rwp < found[same].minimum.rwp { found[same].minimum = minimum }
            } else {
                found.append(Found(minimum: minimum, hits: 1, beginnings: [beginning]))
            }
            found.sort { $0.minimum.rwp < $1.minimum.rwp }
            if found.count > 10 { found.removeLast() }
        }

        /// Equivalent descriptions have the same Rwp to many digits; equal fits count as one minimum.
        private func agrees(with other: IntensityMinimum) -> Bool {
            abs(minimum.rwp - other.rwp) < 1e-3 * max(minimum.rwp, 1e-4)
        }
    }
}
