import Crystallography
import Foundation
import NumericalMethods
import Testing

import Symmetry

/// The ladder asks spglib at few tolerances; `ToleranceOperations` says at which. Every rung must be what spglib says when it
/// is asked there.
@Suite("Ladders of tolerances") struct ToleranceOperationsTests {
    private func crystal(
        _ lattice: Lattice, _ sites: [(String, SIMD3<Double>)], shaken: Double = 0, seed: UInt64 = 1
    ) throws -> CrystalStructure {
        var random = RandomStream(seed: seed)
        return CrystalStructure(
            lattice: lattice,
            sites: try sites.map { symbol, place in
                let way = SIMD3(random.normal(), random.normal(), random.normal())
                return Site(
                    try #require(Element(symbol: symbol)),
                    at: place + lattice.fractional(shaken * way))
            })
    }

    private func rockSalt(shaken: Double = 0, seed: UInt64 = 1) throws -> CrystalStructure {
        let corners = [SIMD3(0, 0, 0), SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0)]
        return try crystal(
            Lattice(a: 5.64, b: 5.64, c: 5.64, alpha: 90, beta: 90, gamma: 90),
            corners.map { ("Na", $0) } + corners.map { ("Cl", $0 + 0.5) }, shaken: shaken, seed: seed)
    }

    private func rutile(shaken: Double = 0, seed: UInt64 = 1) throws -> CrystalStructure {
        let u = 0.305
        return try crystal(
            Lattice(a: 4.59, b: 4.59, c: 2.96, alpha: 90, beta: 90, gamma: 90),
            [
                ("Ti", SIMD3(0, 0, 0)), ("Ti", SIMD3(0.5, 0.5, 0.5)), ("O", SIMD3(u, u, 0)),
                ("O", SIMD3(-u, -u, 0)), ("O", SIMD3(0.5 + u, 0.5 - u, 0.5)),
                ("O", SIMD3(0.5 - u, 0.5 + u, 0.5)),
            ], shaken: shaken, seed: seed)
    }

    /// At both ends of each rung.
    private func holds(_ structure: CrystalStructure) throws {
        let ladder = try SymmetryFinder.ladder(in: structure)
        #expect(!ladder.isEmpty)
        for rung in ladder {
            let (low, high) = (rung.tolerances.lowerBound, rung.tolerances.upperBound)
            for tolerance in [low, high] {
                let found = try SymmetryFinder.find(in: structure, tolerance: tolerance)
                #expect(
                    found.spaceGroup == rung.found.spaceGroup && found.orbits == rung.found.orbits,
                    "\(structure.title) at \(tolerance) Å")
            }
        }
    }

    @Test(
        "a perfect crystal has its group from the least tolerance to the largest, a shaken one climbs to it")
    func climbing() throws {
        let perfect = try SymmetryFinder.ladder(in: try rockSalt())
        #expect(perfect.map(\.found.spaceGroup.number) == [225])
        #expect(perfect[0].tolerances == 1e-5...2)
        let shaken = try SymmetryFinder.ladder(in: try rutile(shaken: 0.02))
        #expect(shaken.first?.found.spaceGroup.number == 1)
        #expect(shaken.contains { $0.found.spaceGroup.number == 136 })
    }

    @Test("a rung begins and ends where spglib says so", arguments: 1...6 as ClosedRange<UInt64>)
    func rungs(seed: UInt64) throws {
        try holds(try rockSalt())
        try holds(try rutile())
        try holds(try rutile(shaken: 0.03, seed: seed))
        try holds(try rockSalt(shaken: 0.01, seed: seed))
    }
}
