import Crystallography
import Parameterization
import Symmetry
import Testing

@Suite struct ShakeTests {
    static func rutile() throws -> ReducedStructure {
        let titanium = try #require(Element(symbol: "Ti"))
        let oxygen = try #require(Element(symbol: "O"))
        let group = try SpaceGroup.find("P42/mnm")
        return ReducedStructure(
            spaceGroup: group, lattice: Lattice(a: 4.59, b: 4.59, c: 2.96, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [Site(titanium, at: .zero), Site(oxygen, at: SIMD3(0.305, 0.305, 0))])
    }

    @Test("spglib finds the group again after every shake, and the positions stay occupied")
    func groupStays() throws {
        let start = try Self.rutile()
        for seed in 0..<20 {
            let shaken = Shake(amplitude: 0.1, lattice: 0.03).applied(to: start, seed: UInt64(seed))
            let found = try SymmetryFinder.find(in: shaken.expanded(), tolerance: 1e-5)
            #expect(found.spaceGroup.number == 136)
            #expect(shaken.occupation == start.occupation)
            #expect(shaken.parameterVector != start.parameterVector)
        }
    }

    @Test("a seed gives the same move, another seed another; amplitude zero moves nothing")
    func seeds() throws {
        let start = try Self.rutile()
        let shake = Shake(amplitude: 0.1, lattice: 0.02)
        #expect(shake.applied(to: start, seed: 3) == shake.applied(to: start, seed: 3))
        #expect(shake.applied(to: start, seed: 3) != shake.applied(to: start, seed: 4))
        #expect(Shake(amplitude: 0).applied(to: start, seed: 3) == start)
    }
}
