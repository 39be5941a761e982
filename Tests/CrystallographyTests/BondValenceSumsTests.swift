import Crystallography
import Testing

@Suite("Bond valence sums")
struct BondValenceSumsTests {
    private static func cubic(_ a: Double, _ atoms: [(String, SIMD3<Double>)]) throws -> CrystalStructure {
        CrystalStructure(
            lattice: Lattice(a: a, b: a, c: a, alpha: 90, beta: 90, gamma: 90),
            sites: try atoms.map { Site(try #require(Element(symbol: $0.0)), at: $0.1) })
    }

    private static let halves: [SIMD3<Double>] = [
        SIMD3(0, 0, 0), SIMD3(0.5, 0.5, 0), SIMD3(0.5, 0, 0.5), SIMD3(0, 0.5, 0.5),
    ]

    private static func rockSalt(_ a: Double, _ first: String, _ second: String) throws -> CrystalStructure {
        try cubic(a, halves.map { (first, $0) } + halves.map { (second, $0 + SIMD3(0.5, 0.5, 0.5)) })
    }

    @Test("perovskite's ions are Sr²⁺ Ti⁴⁺ O²⁻, as Brese and O'Keeffe's sums have them")
    func perovskite() throws {
        let structure = try Self.cubic(
            3.905,
            [
                ("Sr", .zero), ("Ti", SIMD3(0.5, 0.5, 0.5)), ("O", SIMD3(0.5, 0.5, 0)),
                ("O", SIMD3(0.5, 0, 0.5)), ("O", SIMD3(0, 0.5, 0.5)),
            ])
        let sums = try #require(BondValenceSums(structure))
        let states = Dictionary(uniqueKeysWithValues: sums.states.map { ($0.key.symbol, $0.value) })
        #expect(states == ["Sr": 2, "Ti": 4, "O": -2])
        #expect(sums.instability < 0.4)
    }

    @Test("a cell that is a tenth too small has valences a third too high")
    func density() throws {
        let right = try #require(BondValenceSums(try Self.rockSalt(4.2117, "Mg", "O")))
        #expect(right.instability < 0.35)
        let small = try #require(BondValenceSums(try Self.rockSalt(3.8, "Mg", "O")))
        #expect(small.instability > 0.6)
    }

    @Test("silicides, phosphides and carbides are no salts: their bonds say nothing of ions")
    func compounds() throws {
        // Mg2Si, antifluorite, a = 6.351 Å.
        let quarters = [SIMD3(0.25, 0.25, 0.25), SIMD3(0.75, 0.75, 0.75)]
        let silicide = try Self.cubic(
            6.351,
            Self.halves.map { ("Si", $0) }
                + Self.halves.flatMap { shift in quarters.map { ("Mg", $0 + shift) } })
        #expect(BondValenceSums(silicide) == nil)
        #expect(BondValenceSums(try Self.rockSalt(5.87, "La", "P")) == nil)
        #expect(BondValenceSums(try Self.rockSalt(4.33, "Ti", "C")) == nil)
        #expect(BondValenceSums(try Self.rockSalt(4.24, "Ti", "N")) != nil)
        #expect(BondValenceSums(try Self.rockSalt(5.94, "Pb", "S")) != nil)
    }

    @Test("pyrite's pairs of sulfur are no ions, galena's are")
    func pairs() throws {
        let u = 0.385
        let sulfur: [SIMD3<Double>] = [
            SIMD3(u, u, u), SIMD3(0.5 - u, -u, 0.5 + u), SIMD3(-u, 0.5 + u, 0.5 - u),
            SIMD3(0.5 + u, 0.5 - u, -u),
        ]
        let pairs = (sulfur + sulfur.map { -$0 }).map { ("S", $0) }
        #expect(BondValenceSums(try Self.cubic(5.417, Self.halves.map { ("Fe", $0) } + pairs)) == nil)
        #expect(BondValenceSums(try Self.rockSalt(5.94, "Pb", "S")) != nil)
        // Zinc has no state that ZnS balances with in pairs, and an oxide's two oxygens that stand too near are no excuse.
        let zinc = (Self.halves + Self.halves.map { $0 + SIMD3(0.5, 0.5, 0.5) }).map { ("Zn", $0) }
        #expect(try #require(BondValenceSums(try Self.cubic(5.417, zinc + pairs))).instability > 0.6)
        let oxides = (sulfur + sulfur.map { -$0 }).map { ("O", $0) }
        let oxide = try #require(
            BondValenceSums(try Self.cubic(4.3, Self.halves.map { ("Ti", $0) } + oxides)))
        #expect(oxide.instability > 0.6)
    }

    @Test("elements without neutral states, hydrogen and shared sites say nothing")
    func silence() throws {
        #expect(BondValenceSums(try Self.rockSalt(2.9, "Cu", "Zn")) == nil)
        #expect(BondValenceSums(try Self.rockSalt(4.08, "Li", "H")) == nil)
        var shared = try Self.rockSalt(4.2117, "Mg", "O")
        shared.sites[0].occupants[0].occupancy = 0.5
        #expect(BondValenceSums(shared) == nil)
    }
}
