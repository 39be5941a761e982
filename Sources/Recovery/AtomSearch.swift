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
    ) -> [Candidate] {
        var random = RandomStream(seed: seed, index: 7)
        let coordinates = start.freeCoordinates.count
        let latticeCount = start.latticeParameters.names.count
        let scales = start.parameters.dropFirst(latticeCount).map(\.scale)
        let first = Array(start.parameterVector.dropFirst(latticeCount))
        let fit = IntensityFit()
        let steps = [Double](repeating: 0.05, count: coordinates) + [1]
        let bounds = [ClosedRange<Double>](repeating: -3...4, count: coordinates) + [-1...8]
        var found: [Found] = []
        let contact = ContactCheck(start, share: clash)

        func run(_ u: [Double]) -> IntensityMinimum {
            let minimum = fit(model, profile, from: u, steps: steps, bounds: bounds)
            Found.insert(minimum, into: &found, scales: scales)
            return minimum
        }

        var current = run(first + [1])
        var sinceGain = 0
        for index in 1..<max(2, starts) {
            if coordinates == 0 || found[0].minimum.rwp < goal { break }
            if index > 20, found[0].hits >= confirmations { break }
            let trial: [Double]
            if index <= 12 {
                trial = first.indices.map { first[$0] + random.normal() * nearStart * scales[$0] } + [1]
            } else if coordinates < hoppingFrom || sinceGain > 25 {
                sinceGain = 0
                trial = contact.separated(&random) { r in (0..<coordinates).map { _ in r.uniform() } } + [1]
            } else {
                trial =
                    contact.separated(&random) { r in hop(current.parameters, start, scales, &r) }
                    + [current.parameters[coordinates]]
            }
            let minimum = run(trial)
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

    /// A move of basin hopping: exchange two orbits, place one anew, or shake all.
    private func hop(
        _ u: [Double], _ structure: ReducedStructure, _ scales: [Double], _ random: inout RandomStream
    ) -> [Double] {
        var trial = Array(u.prefix(scales.count))
        let kind = random.uniform()
        let orbits = Array(Set(structure.freeCoordinates.map(\.orbit))).sorted()
        func slots(_ orbit: Int) -> [Int] {
            structure.freeCoordinates.indices.filter { structure.freeCoordinates[$0].orbit == orbit }
        }
        if kind < 0.25, orbits.count > 1 {
            let a = slots(orbits[random.index(below: orbits.count)])
            let partners = orbits.map { slots($0) }.filter { $0.count == a.count && $0 != a }
            if !partners.isEmpty {
                let b = partners[random.index(below: partners.count)]
                for (i, j) in zip(a, b) { trial.swapAt(i, j) }
                return trial
            }
        }
        if kind < 0.85 {
            for _ in 0..<(kind < 0.7 ? 1 : 2) {
                for slot in slots(orbits[random.index(below: orbits.count)]) {
                    trial[slot] = random.uniform()
                }
            }
            return trial
        }
        return trial.indices.map { trial[$0] + random.normal() * 0.5 * scales[$0] }
    }

    private struct Found {
        var minimum: IntensityMinimum
        var hits: Int

        /// Keeps the ten best minima that differ by more than 0.02 Å in some coordinate or in their fit.
        static func insert(_ minimum: IntensityMinimum, into found: inout [Found], scales: [Double]) {
            if let same = found.firstIndex(where: { $0.agrees(with: minimum, scales) }) {
                found[same].hits += 1
                if minimum.rwp < found[same].minimum.rwp { found[same].minimum = minimum }
            } else {
                found.append(Found(minimum: minimum, hits: 1))
            }
            found.sort { $0.minimum.rwp < $1.minimum.rwp }
            if found.count > 10 { found.removeLast() }
        }

        /// Equivalent descriptions have the same Rwp to many digits; equal fits count as one minimum.
        private func agrees(with other: IntensityMinimum, _ scales: [Double]) -> Bool {
            abs(minimum.rwp - other.rwp) < 1e-3 * max(minimum.rwp, 1e-4)
        }
    }
}
