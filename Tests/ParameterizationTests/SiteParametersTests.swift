import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// Displacements and occupancies as parameters.
@Suite struct SiteParametersTests {
    /// A random crystal, every orbit with a random tensor that its site allows.
    static func crystal(_ seed: UInt64) -> ReducedStructure? {
        guard var crystal = ReducedStructureTests.random(seed) else { return nil }
        var random = RandomStream(seed: seed, index: 31)
        for index in crystal.orbits.indices {
            crystal.orbits[index].displacement = .anisotropic(u: .identity)
            _ = random.uniform()
        }
        crystal.displacementVector = crystal.displacementVector.map { _ in random.uniform(0.01, 0.05) }
        return crystal
    }

    static func tensors(_ structure: CrystalStructure) -> [Matrix3] {
        structure.sites.compactMap { if case .anisotropic(let u) = $0.displacement { u } else { nil } }
    }

    /// Columns: aᵢ a*ᵢ, Cartesian; ⟨u uᵀ⟩ is M U Mᵀ.
    static func displacementAxes(_ lattice: Lattice) -> Matrix3 {
        lattice.vectors.transpose * Matrix3(diagonal: lattice.reciprocal.lengths)
    }

    /// ⟨u uᵀ⟩ in Å² on Cartesian axes.
    static func cartesian(_ u: Matrix3, _ lattice: Lattice) -> Matrix3 {
        let m = displacementAxes(lattice)
        return m * u * m.transpose
    }

    @Test("tensors of an orbit obey every atom's own site, are carried by the operations, and come back")
    func tensorsObeyTheSites() throws {
        for seed in UInt64(1)...80 {
            guard let crystal = Self.crystal(seed) else { continue }
            let cell = crystal.expanded()
            for (site, image) in zip(cell.sites, crystal.atoms) {
                let own = SiteSymmetry(
                    of: site.position, in: crystal.spaceGroup.operations, lattice: cell.lattice,
                    tolerance: 1e-5)
                guard case .anisotropic(let u) = site.displacement else { continue }
                #expect(
                    (DisplacementConstraint.average(u, over: own.rotations) - u).frobeniusNorm < 1e-14,
                    "seed \(seed) orbit \(image.orbit)")
            }
            let again = try ReducedStructure(reducing: cell, in: crystal.spaceGroup, tolerance: 1e-6)
            let difference = zip(Self.tensors(cell), Self.tensors(again.expanded()))
                .map { ($0 - $1).frobeniusNorm }.max()
            #expect(try #require(difference) < 1e-14)
            #expect(
                zip(again.displacementVector, crystal.displacementVector).allSatisfy { abs($0 - $1) < 0.1 })
            #expect(again.displacementVector.count == crystal.displacementVector.count)
        }
    }

    @Test("∂U of every atom agrees with central differences, in the cell that was given")
    func derivatives() throws {
        for seed in UInt64(1)...40 {
            guard let crystal = Self.crystal(seed), crystal.atoms.count <= 48 else { continue }
            var random = RandomStream(seed: seed, index: 32)
            let given = CellReductionTests.describe(
                crystal, vectors: CellReductionTests.vectors(crystal, Int(seed), &random), &random)
            let reduced = try ReducedStructure(
                reducing: given.structure, in: crystal.spaceGroup, cell: given.cell, tolerance: 1e-6)
            // The tensors themselves, on Cartesian axes, survive the change of cell.
            for (a, b) in zip(given.structure.sites, reduced.expanded().sites) {
                guard case .anisotropic(let u) = a.displacement, case .anisotropic(let v) = b.displacement
                else { continue }
                let before = Self.cartesian(u, given.structure.lattice)
                let after = Self.cartesian(v, reduced.expanded().lattice)
                #expect((before - after).frobeniusNorm < 1e-9)
            }
            let derivatives = reduced.displacementDerivatives
            #expect(derivatives.count == reduced.displacementParameters.count)
            let h = 1e-3
            for (k, derivative) in derivatives.enumerated() {
                var (up, down) = (reduced, reduced)
                up.displacementVector[k] += h
                down.displacementVector[k] -= h
                let pairs = zip(Self.tensors(up.expanded()), Self.tensors(down.expanded()))
                for ((a, b), expected) in zip(pairs, derivative) {
                    #expect(
                        ((0.5 / h) * (a - b) - expected).frobeniusNorm < 1e-9 * max(1, expected.frobeniusNorm)
                    )
                }
            }
        }
    }

    @Test("enforcing averages displacements: random tensors become those of the sites, once and for all")
    func enforcing() throws {
        var count = 0
        for seed in UInt64(1)...60 {
            guard let crystal = ReducedStructureTests.random(seed), crystal.atoms.count <= 64 else {
                continue
            }
            var random = RandomStream(seed: seed, index: 33)
            let given = CellReductionTests.describe(
                crystal, vectors: CellReductionTests.vectors(crystal, Int(seed), &random), &random)
            var structure = given.structure
            for index in structure.sites.indices {
                var u = Matrix3(
                    diagonal: SIMD3(random.uniform(1, 3), random.uniform(1, 3), random.uniform(1, 3)))
                for (i, j) in [(0, 1), (0, 2), (1, 2)] {
                    u[i, j] = random.uniform(-0.5, 0.5)
                    u[j, i] = u[i, j]
                }
                structure.sites[index].displacement = .anisotropic(u: 0.01 * u)
            }
            guard let found = try? SymmetryFinder.find(in: structure, tolerance: 1e-4) else { continue }
            for cell in [StandardCell.keep, .standard, .primitive] {
                let once = try SymmetryFinder.standardize(structure, found, cell: cell).structure
                let again = try SymmetryFinder.find(
                    in: once, tolerance: 1e-4, hallNumber: found.spaceGroup.hallNumber)
                let twice = try SymmetryFinder.standardize(once, again, cell: .keep).structure
                for (a, b) in zip(Self.tensors(once), Self.tensors(twice)) {
                    #expect((a - b).frobeniusNorm < 1e-10, "seed \(seed) \(cell)")
                }
            }
            // The reduced structure has the same tensors as the enforced one.
            let kept = try SymmetryFinder.standardize(structure, found, cell: .keep).structure
            let reduced = try ReducedStructure(reducing: structure, found)
            for (a, b) in zip(Self.tensors(kept), Self.tensors(reduced.expanded())) {
                #expect((a - b).frobeniusNorm < 1e-8, "seed \(seed)")
            }
            count += 1
        }
        #expect(count > 30)
    }

    @Test("free components are named as tables name them: x,2x,z in P6₃/mmc has four, U12 is half of U22")
    func names() throws {
        let group = try SpaceGroup.find("P 63/m m c")
        let oxygen = try #require(Element(symbol: "O"))
        var structure = ReducedStructure(
            spaceGroup: group, lattice: Lattice(a: 5, b: 5, c: 8, alpha: 90, beta: 90, gamma: 120),
            asymmetricSites: [
                Site(
                    label: "O1", occupants: [Occupant(Species(oxygen))], position: SIMD3(0.1, 0.2, 0.3),
                    displacement: .anisotropic(u: Matrix3(diagonal: SIMD3(0.01, 0.02, 0.03))))
            ])
        #expect(structure.displacementParameters.map(\.name) == ["O1.U11", "O1.U22", "O1.U33", "O1.U23"])
        #expect(structure.displacementParameters[0].formula == "U11,U22,U33,U23,U23/2,U22/2")
        structure.displacementVector = [0.01, 0.02, 0.03, 0.004]
        #expect(structure.displacementVector == [0.01, 0.02, 0.03, 0.004])
    }

    @Test(
        "occupancies: one for an orbit, a full shared site stays full, a part-filled one is bounded by its room"
    )
    func occupancies() throws {
        let group = try SpaceGroup.find("F m -3 m")
        func species(_ symbol: String) throws -> Species {
            Species(try #require(Element(symbol: symbol)))
        }
        var structure = ReducedStructure(
            spaceGroup: group, lattice: Lattice(a: 5, b: 5, c: 5, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [
                Site(
                    label: "M1",
                    occupants: [
                        Occupant(try species("Fe"), occupancy: 0.7),
                        Occupant(try species("Co"), occupancy: 0.3),
                    ], position: .zero),
                Site(
                    label: "O1", occupants: [Occupant(try species("O"), occupancy: 0.9)],
                    position: SIMD3(repeating: 0.5)),
                Site(
                    label: "X1",
                    occupants: [
                        Occupant(try species("Na"), occupancy: 0.3),
                        Occupant(try species("K"), occupancy: 0.2),
                    ], position: SIMD3(repeating: 0.25)),
            ])
        let parameters = structure.occupancyParameters
        #expect(
            parameters.map(\.name) == [
                "M1.Fe.occupancy", "O1.occupancy", "X1.Na.occupancy", "X1.K.occupancy",
            ])
        #expect(parameters[0].bounds == 0...1)
        #expect(abs(parameters[2].bounds.upperBound - 0.8) < 1e-12)
        #expect(parameters[0].formula == "Co = 1 - Fe")
        structure.occupancyVector = [0.25, 0.8, 0.4, 0.1]
        #expect(structure.occupancyVector == [0.25, 0.8, 0.4, 0.1])
        #expect(abs(structure.orbits[0].occupants[1].occupancy - 0.75) < 1e-15)
        #expect(structure.occupancyDerivatives[0].occupants == [1, -1])
        // Every atom of an orbit has them.
        let cell = structure.expanded()
        #expect(cell.sites.prefix(4).allSatisfy { $0.occupants == cell.sites[0].occupants })
    }
}
