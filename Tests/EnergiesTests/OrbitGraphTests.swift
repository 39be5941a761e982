import Crystallography
import Energies
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

@Suite(
    "CHGNet on orbits",
    .enabled(if: Reference.isInstalled, "the model is not installed: wyckoff models fetch"))
struct OrbitGraphTests {
    /// A structure in a group, its free parameters shaken inside it.
    static func shaken(
        _ group: String, _ cell: [Double], _ sites: [(String, SIMD3<Double>)], seed: UInt64 = 1
    ) throws -> ReducedStructure {
        let reduced = try ReducedStructure(
            spaceGroup: SpaceGroup.find(group),
            lattice: Lattice(
                a: cell[0], b: cell[1], c: cell[2], alpha: cell[3], beta: cell[4], gamma: cell[5]),
            asymmetricSites: sites.map { Site(try #require(Element(symbol: $0.0)), at: $0.1) })
        return Shake(amplitude: 0.08, lattice: 0.01).applied(to: reduced, seed: seed)
    }

    static let crystals: [(group: String, cell: [Double], sites: [(String, SIMD3<Double>)])] = [
        ("225", [5.64, 5.64, 5.64, 90, 90, 90], [("Na", .zero), ("Cl", SIMD3(0.5, 0.5, 0.5))]),
        ("227:1", [5.43, 5.43, 5.43, 90, 90, 90], [("Si", .zero)]),
        ("136", [4.6, 4.6, 2.96, 90, 90, 90], [("Ti", .zero), ("O", SIMD3(0.305, 0.305, 0))]),
        (
            "167", [5.0, 5.0, 17.1, 90, 90, 120],
            [("Ca", .zero), ("C", SIMD3(0, 0, 0.25)), ("O", SIMD3(0.257, 0, 0.25))]
        ),
        (
            "62", [8.48, 5.40, 6.96, 90, 90, 90],
            [
                ("Pb", SIMD3(0.188, 0.25, 0.167)), ("S", SIMD3(0.063, 0.25, 0.684)),
                ("O", SIMD3(-0.095, 0.25, 0.596)), ("O", SIMD3(0.194, 0.25, 0.543)),
                ("O", SIMD3(0.082, 0.026, 0.806)),
            ]
        ),
        (
            "186", [3.82, 3.82, 6.26, 90, 90, 120],
            [("Zn", SIMD3(1 / 3, 2 / 3, 0)), ("S", SIMD3(1 / 3, 2 / 3, 0.375))]
        ),
        (
            "14", [5.15, 5.2, 5.3, 90, 99, 90],
            [
                ("Zr", SIMD3(0.275, 0.04, 0.208)), ("O", SIMD3(0.07, 0.33, 0.345)),
                ("O", SIMD3(0.45, 0.757, 0.479)),
            ]
        ),
        ("2", [4.1, 5.3, 6.2, 83, 97, 104], [("Fe", SIMD3(0.2, 0.3, 0.1)), ("O", SIMD3(0.6, 0.4, 0.35))]),
        ("229", [3.16, 3.16, 3.16, 90, 90, 90], [("W", .zero)]),
    ]

    @Test("energy, forces, stress and moments are those of the full evaluation", arguments: crystals.indices)
    func equality(index: Int) throws {
        let model = try Reference.model()
        let crystal = Self.crystals[index]
        for seed in [1, 2] as [UInt64] {
            let reduced = try Self.shaken(crystal.group, crystal.cell, crystal.sites, seed: seed)
            let full = try model.evaluate(reduced.expanded())
            let orbits = try model.evaluate(reduced)
            #expect(abs(full.energy - orbits.energy) < 1e-10 * max(1, abs(full.energy)))
            for (f, g) in zip(full.forces, orbits.forces) { #expect((f - g).length < 1e-9) }
            #expect((full.stress - orbits.stress).frobeniusNorm < 1e-8)
            for (m, n) in zip(full.magneticMoments, orbits.magneticMoments) { #expect(abs(m - n) < 1e-10) }
            for (m, n) in zip(full.siteEnergies, orbits.siteEnergies) { #expect(abs(m - n) < 1e-10) }
        }
    }

    @Test("atoms on top of each other and isolated atoms are refused as by the full evaluation")
    func refusals() throws {
        let model = try Reference.model()
        let iron = try #require(Element(symbol: "Fe"))
        let group = try SpaceGroup.find("221")
        let lonely = ReducedStructure(
            spaceGroup: group, lattice: Lattice(a: 9, b: 9, c: 9, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [Site(iron, at: .zero)])
        #expect(throws: EnergyError.self) { try model.evaluate(lonely) }
        let dense = ReducedStructure(
            spaceGroup: group, lattice: Lattice(a: 4, b: 4, c: 4, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [Site(iron, at: SIMD3(0.012, 0, 0))], tolerance: 1e-3)
        #expect(throws: EnergyError.self) { try model.evaluate(dense) }
    }
}

@Suite(
    "CHGNet on orbits in any cell",
    .enabled(if: Reference.isInstalled, "the model is not installed: wyckoff models fetch"))
struct OrbitCellTests {
    enum Cell: CaseIterable { case primitive, supercell, turned }

    /// The same crystal in another cell, and with its origin elsewhere.
    static func crystal(_ index: Int, _ cell: Cell) throws -> CrystalStructure {
        let crystal = OrbitGraphTests.crystals[index]
        let whole = try OrbitGraphTests.shaken(crystal.group, crystal.cell, crystal.sites).expanded()
        let found = try SymmetryFinder.find(in: whole, tolerance: 1e-4)
        var result = try SymmetryFinder.standardize(whole, found, cell: .primitive).structure
        if cell == .supercell {
            // Vectors a + b, b, 2c: oblique, and twice the atoms.
            let vectors = result.lattice.vectors
            let rows = Matrix3(
                rows: vectors.rows.0 + vectors.rows.1, vectors.rows.1, 2 * vectors.rows.2)
            let back = vectors * rows.inverse
            result.sites = result.sites.flatMap { site in
                [0.0, 1].map { layer in
                    var copy = site
                    copy.position = (site.position + SIMD3(0, 0, layer)) * back
                    return copy
                }
            }
            result.lattice = Lattice(vectors: rows)
        }
        if cell != .primitive {
            let (c, s) = (cos(0.7), sin(0.7))
            let z = Matrix3(rows: SIMD3(c, s, 0), SIMD3(-s, c, 0), SIMD3(0, 0, 1))
            let x = Matrix3(rows: SIMD3(1, 0, 0), SIMD3(0, s, c), SIMD3(0, -c, s))
            result.lattice = Lattice(vectors: result.lattice.vectors * (z * x))
            for i in result.sites.indices { result.sites[i].position += SIMD3(0.13, 0.29, 0.41) }
        }
        return result
    }

    static let indices = [0, 1, 2, 3, 5, 6, 8]

    @Test("energy, forces and stress are those of the full evaluation", arguments: indices, Cell.allCases)
    func equality(index: Int, cell: Cell) throws {
        let model = try Reference.model()
        let crystal = try Self.crystal(index, cell)
        let found = try SymmetryFinder.find(in: crystal, tolerance: 1e-3)
        let reduced = try ReducedStructure(reducing: crystal, found)
        let group = try SpaceGroup.find(OrbitGraphTests.crystals[index].group)
        #expect(reduced.spaceGroup.number == group.number)
        let full = try model.evaluate(crystal)
        let orbits = try model.evaluate(reduced)
        #expect(abs(full.energy - orbits.energy) < 1e-8 * max(1, abs(full.energy)))
        for (f, g) in zip(full.forces, orbits.forces) { #expect((f - g).length < 1e-7) }
        #expect((full.stress - orbits.stress).frobeniusNorm < 1e-6)
    }

    @Test("a relaxation ends at the same energy, and in its group", arguments: [2, 6], Cell.allCases)
    func relaxation(index: Int, cell: Cell) throws {
        let model = try Reference.model()
        func relaxed(_ cell: Cell) throws -> (energy: Double, isHeld: Bool) {
            let crystal = try Self.crystal(index, cell)
            let found = try SymmetryFinder.find(in: crystal, tolerance: 1e-3)
            let start = try ReducedStructure(reducing: crystal, found)
            let result = try Relaxation().relax(start, model)
            #expect(result.outcome == .converged)
            let atoms = Double(result.structure.atoms.count)
            return (
                result.last.evaluation.energy / atoms, try GroupVerification.of(result.structure).isHeld
            )
        }
        let (here, primitive) = (try relaxed(cell), try relaxed(.primitive))
        #expect(here.isHeld)
        #expect(abs(here.energy - primitive.energy) < 3e-5)
    }
}
