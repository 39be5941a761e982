import Crystallography
import Foundation
import NumericalMethods
import Testing

import Matching

/// Reaches `ShiftQueue` and `SiteLanes`, which no other library sees, through the matches that stand on them.
@Suite("Matching of large cells") struct ShiftQueueTests {
    /// Molecules of 1 to 30 atoms at places of their own, so that many shifts look alike at first.
    private func crystal(atoms: Int, _ random: inout RandomStream) throws -> CrystalStructure {
        let symbols = ["C", "H", "H", "O", "N"]
        let length = cbrt(Double(atoms) * 12)
        var sites: [Site] = []
        for k in 0..<atoms {
            let element = try #require(Element(symbol: symbols[k % symbols.count]))
            sites.append(
                Site(element, at: SIMD3(random.uniform(), random.uniform(), random.uniform())))
        }
        let lattice = Lattice(
            a: length, b: 1.1 * length, c: 0.9 * length, alpha: 88, beta: 97, gamma: 93)
        return CrystalStructure(lattice: lattice, sites: sites)
    }

    private func moved(_ structure: CrystalStructure, by length: Double, _ random: inout RandomStream)
        -> CrystalStructure
    {
        var copy = structure
        let shift = SIMD3(random.uniform(), random.uniform(), random.uniform())
        for k in copy.sites.indices {
            let way = SIMD3(random.normal(), random.normal(), random.normal())
            copy.sites[k].position += shift + copy.lattice.fractional(length / way.length * way)
        }
        for k in copy.sites.indices.reversed() { copy.sites.swapAt(k, random.index(below: k + 1)) }
        return copy
    }

    @Test("a moved copy is found at the distance by which its atoms were moved", arguments: [3, 20, 75, 150])
    func copies(atoms: Int) throws {
        var random = RandomStream(seed: UInt64(atoms))
        let structure = try crystal(atoms: atoms, &random)
        let copy = moved(structure, by: 0.05, &random)
        let match = try #require(StructureMatch.find(structure, copy))
        #expect(match.isMatch)
        // The mean of the moves is taken out with the origin.
        #expect(match.rmsDisplacement <= 0.05 + 1e-9 && match.rmsDisplacement > 0.05 * 0.7)
        #expect(match.maximumDisplacement < 0.1)
        #expect(StructureMatch.find(copy, structure) == match)
    }

    @Test("the least rms is that over every shift and every pairing, tried one by one")
    func everyShift() throws {
        var random = RandomStream(seed: 7)
        for _ in 0..<20 {
            let first = try crystal(atoms: 10, &random)
            let second = moved(first, by: 0.3, &random)
            let match = try #require(StructureMatch.find(first, second))
            let best = try leastOfAll(first, second)
            #expect(abs(match.normalizedRMS - best) < 1e-6 * best)
        }
    }

    /// In units of (V/N)^⅓ over the mappings, the origins that lay an atom of a rarest kind on another, and the optimal pairings of each.
    private func leastOfAll(_ first: CrystalStructure, _ second: CrystalStructure) throws -> Double {
        let (a, b) = (MatchCandidate(first).primitive, MatchCandidate(second).primitive)
        let tolerances = MatchTolerances()
        let mappings = LatticeMapping.all(
            from: a.lattice, to: b.lattice, lengthTolerance: tolerances.length,
            angleTolerance: tolerances.angle)
        let alignment = try #require(SiteAlignment(a.sites, b.sites))
        let target = b.sites.map(\.position)
        var least = Double.infinity
        for mapping in mappings {
            let cell = Matrix3(mapping) * a.lattice.vectors
            let mean = 0.5 * (cell * cell.transpose + b.lattice.metric)
            let metric = PeriodicMetric(Lattice(metric: mean))
            let scale = cbrt(Lattice(metric: mean).volume / Double(a.sites.count))
            let change = Matrix3(try #require(mapping.inverse).transpose)
            let places = a.sites.map { change * $0.position }
            for shift in alignment.candidateShifts(places, target) {
                let rms = try settled(places, target, a.sites, b.sites, shift: shift, metric)
                least = min(least, rms / scale)
            }
        }
        return least
    }

    private func settled(
        _ places: [SIMD3<Double>], _ target: [SIMD3<Double>], _ own: [Site], _ others: [Site],
        shift start: SIMD3<Double>, _ metric: PeriodicMetric
    ) throws -> Double {
        var shift = start
        var least = Double.infinity
        for _ in 0..<10 {
            let position = shift
            var cost = DenseMatrix(rows: places.count, columns: places.count)
            for i in places.indices {
                for j in places.indices {
                    let v = metric.shortest(target[j] - places[i] - position)
                    cost[i, j] = SiteKind(own[i]) == SiteKind(others[j]) ? v.dot(v) : 1e6
                }
            }
            let columns = try #require(LinearAssignment(cost: cost)).columns
            let vectors = columns.enumerated().map {
                metric.shortest(target[$0.element] - places[$0.offset] - position)
            }
            let mean = vectors.reduce(.zero, +) / Double(vectors.count)
            let sum = vectors.reduce(0) { $0 + ($1 - mean).dot($1 - mean) }
            least = min(least, (sum / Double(vectors.count)).squareRoot())
            shift += mean * metric.vectors.inverse
        }
        return least
    }

    private struct Stopped: Error {}

    @Test("a match ends where it is told to, in the middle of one pair too")
    func interruption() throws {
        var random = RandomStream(seed: 3)
        let structure = try crystal(atoms: 100, &random)
        let other = try crystal(atoms: 100, &random)
        let (a, b) = (MatchCandidate(structure), MatchCandidate(other))
        for limit in [0, 3, 40] {
            var asked = 0
            #expect(throws: Stopped.self) {
                _ = try StructureMatch.find(a, b, tolerances: MatchTolerances()) {
                    asked += 1
                    if asked > limit { throw Stopped() }
                }
            }
            #expect(asked == limit + 1)
        }
    }
}
