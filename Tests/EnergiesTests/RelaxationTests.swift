import Crystallography
import Energies
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// Springs between all pairs of neighbours, with a known minimum and known forces: laws of relaxation that need no model.
struct SpringPotential: InteratomicPotential {
    /// Å, within which pairs count, and the pair distance of least energy.
    var cutoff = 3.9
    var length = 2.4
    var stiffness = 3.0
    /// Energy 4ε((σ/r)¹² − (σ/r)⁶) shifted smoothly would do as well; a quartic in r with a soft end keeps it smooth.
    var name: String { "springs" }

    func evaluate(_ structure: CrystalStructure) throws -> EnergyEvaluation {
        let vectors = structure.lattice.vectors
        var energy = 0.0
        var forces = [SIMD3<Double>](repeating: .zero, count: structure.sites.count)
        var virial = Matrix3.zero
        for (i, a) in structure.sites.enumerated() {
            for (j, b) in structure.sites.enumerated() {
                for x in -3...3 {
                    for y in -3...3 {
                        for z in -3...3 where !(i == j && x == 0 && y == 0 && z == 0) {
                            let r =
                                (a.position - b.position - SIMD3(Double(x), Double(y), Double(z))) * vectors
                            let d = r.length
                            guard d < cutoff else { continue }
                            // w(d) = (1 − (d/c)²)³ makes value, slope and curvature vanish at the cut-off.
                            let u = 1 - d * d / (cutoff * cutoff)
                            let (well, slope) = (d - length, 1.0)
                            let e = stiffness * (well * well - 1) * u * u * u / 4
                            let de =
                                stiffness / 4
                                * (2 * well * slope * u * u * u
                                    + (well * well - 1) * 3 * u * u * (-2 * d / (cutoff * cutoff)))
                            energy += e
                            let g = r * (de / d)
                            forces[i] -= g
                            forces[j] += g
                            virial.rows.0 += r.x * g
                            virial.rows.1 += r.y * g
                            virial.rows.2 += r.z * g
                        }
                    }
                }
            }
        }
        return EnergyEvaluation(
            energy: energy, forces: forces,
            stress: (EnergyEvaluation.gigapascal / structure.lattice.volume) * virial)
    }
}

@Suite("relaxation")
struct RelaxationTests {
    static func rutile() throws -> ReducedStructure {
        try OrbitGraphTests.shaken(
            "136", [4.6, 4.6, 2.96, 90, 90, 90], [("Ti", .zero), ("O", SIMD3(0.305, 0.305, 0))])
    }

    static let crystals = OrbitGraphTests.crystals.indices.filter { [2, 5, 6, 7].contains($0) }

    @Test("at the end nothing is left to relax, the energy fell, and the group holds", arguments: crystals)
    func convergence(index: Int) throws {
        let crystal = OrbitGraphTests.crystals[index]
        let start = try OrbitGraphTests.shaken(crystal.group, crystal.cell, crystal.sites)
        var energies: [Double] = []
        let result = try Relaxation().relax(start, SpringPotential()) { energies.append($0.enthalpy) }
        #expect(result.outcome == .converged)
        #expect(result.last.largestForce <= 0.01)
        #expect(result.last.largestStress <= 0.05)
        #expect(zip(energies, energies.dropFirst()).allSatisfy { $1 <= $0 + 1e-9 })
        #expect(try GroupVerification.of(result.structure).isHeld)
    }

    @Test("the gradient in the space is the derivative of the enthalpy along it")
    func gradient() throws {
        let start = try Self.rutile()
        let potential = SpringPotential()
        let space = RelaxationSpace(start, pressure: 7)
        #expect(space.dimension == 3)
        func enthalpy(_ x: [Double]) throws -> (Double, [Double]) {
            let structure = space.structure(at: x)
            return space.enthalpy(try potential.evaluate(structure), of: structure, at: x)
        }
        let x = [0.3, -0.2, 0.11]
        let slopes = try enthalpy(x).1
        for k in 0..<3 {
            func moved(_ h: Double) throws -> Double {
                var y = x
                y[k] += h
                return try enthalpy(y).0
            }
            let numeric = try (8 * (moved(1e-4) - moved(-1e-4)) - (moved(2e-4) - moved(-2e-4))) / 12e-4
            #expect(abs(numeric - slopes[k]) < 1e-7 * max(1, abs(slopes[k])))
        }
    }

    @Test("a fixed cell and fixed positions stay as they are")
    func constraints() throws {
        let start = try Self.rutile()
        var relaxation = Relaxation()
        relaxation.relaxesCell = false
        let cell = try relaxation.relax(start, SpringPotential())
        #expect(cell.structure.latticeParameters == start.latticeParameters)
        #expect(cell.structure.orbits[1].coordinates != start.orbits[1].coordinates)
        relaxation = Relaxation()
        relaxation.relaxesPositions = false
        let positions = try relaxation.relax(start, SpringPotential())
        #expect(positions.structure.orbits.map(\.coordinates) == start.orbits.map(\.coordinates))
        #expect(positions.structure.latticeParameters != start.latticeParameters)
    }

    @Test("under pressure the stress meets it: −trace/3 is the pressure")
    func pressure() throws {
        var relaxation = Relaxation()
        relaxation.pressure = 5
        let result = try relaxation.relax(try Self.rutile(), SpringPotential())
        #expect(result.outcome == .converged)
        #expect(abs(-result.last.evaluation.stress.trace / 3 - 5) < 0.06)
        let free = try Relaxation().relax(try Self.rutile(), SpringPotential())
        #expect(result.structure.lattice.volume < free.structure.lattice.volume)
    }

    @Test("an error of the potential ends the run; the steps before it were reported")
    func failure() throws {
        struct Fault: Error {}
        final class Counter: @unchecked Sendable { var calls = 0 }
        struct Faulty: InteratomicPotential {
            let counter = Counter()
            var name: String { "faulty" }
            func evaluate(_ structure: CrystalStructure) throws -> EnergyEvaluation {
                counter.calls += 1
                if counter.calls == 4 { throw Fault() }
                return try SpringPotential().evaluate(structure)
            }
        }
        var seen = 0
        #expect(throws: Fault.self) {
            try Relaxation().relax(try Self.rutile(), Faulty()) { _ in seen += 1 }
        }
        #expect(seen > 0)
    }

    @Test(
        "the softest broken direction of a cubic crystal of one atom is its softer shear; shaken, a saddle falls",
        arguments: [("221", 2.5), ("225", 3.5), ("229", 2.8)])
    func saddle(group: String, edge: Double) throws {
        let potential = SpringPotential(cutoff: 3.0, length: 2.4)
        let start = ReducedStructure(
            spaceGroup: try SpaceGroup.find(group),
            lattice: Lattice(a: edge, b: edge, c: edge, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [Site(try #require(Element(symbol: "Cu")), at: .zero)])
        let relaxed = try Relaxation().relax(start, potential).structure
        let finding = try SaddleCheck().check(relaxed, potential)
        #expect(finding.brokenDirections == 5)
        let crystal = relaxed.expanded()
        func curvature(_ strain: Matrix3) throws -> Double {
            func energy(_ h: Double) throws -> Double {
                var moved = crystal
                moved.lattice = Lattice(vectors: crystal.lattice.vectors * (.identity + h * strain))
                return try potential.evaluate(moved).energy
            }
            // Per primitive cell, a strain of one counted as √(V/20) Å.
            return try (energy(1e-3) - 2 * energy(0) + energy(-1e-3)) / 1e-6 / (crystal.lattice.volume / 20)
        }
        let half = 0.5.squareRoot()
        let tetragonal = try curvature(Matrix3(diagonal: SIMD3(half, -half, 0)))
        let shear = try curvature(Matrix3(rows: SIMD3(0, half, 0), SIMD3(half, 0, 0), .zero))
        let softest = min(tetragonal, shear)
        #expect(abs(finding.softestCurvature - softest) < 0.02 * max(1, abs(softest)))
        #expect(finding.isSaddle == (softest < -0.05))
        if finding.isSaddle { #expect((finding.energyChangePerAtom ?? 0) < 0) }
    }

    @Test(
        "a mode that gains or moves less than the noise is flat and no saddle; what it gains is told all the same"
    )
    func flat() throws {
        // A body-centred lattice of such pairs falls into a close packing.
        let potential = LennardJones()
        let start = ReducedStructure(
            spaceGroup: try SpaceGroup.find("229"),
            lattice: Lattice(a: 2.9, b: 2.9, c: 2.9, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [Site(try #require(Element(symbol: "Cu")), at: .zero)])
        let relaxed = try Relaxation().relax(start, potential).structure
        let usual = try SaddleCheck().check(relaxed, potential)
        let gain = -(try #require(usual.energyChangePerAtom))
        let move = try #require(usual.largestDisplacement)
        #expect(usual.isSaddle && !usual.isFlat && gain > 0.001 && move > 0.03)
        for factor in [0.9, 1.1] {
            var check = SaddleCheck()
            check.flatEnergy = factor * gain
            let byEnergy = try check.check(relaxed, potential)
            #expect(byEnergy.isFlat == (factor > 1) && byEnergy.isSaddle == (factor < 1))
            #expect(byEnergy.energyChangePerAtom == usual.energyChangePerAtom)
            check = SaddleCheck()
            check.flatDisplacement = factor * move
            let byMove = try check.check(relaxed, potential)
            #expect(byMove.isFlat == (factor > 1) && byMove.isSaddle == (factor < 1))
        }
    }

    // MARK: The verdict

    /// Long enough that second neighbours do not draw the first ones together.
    private static let longSprings = SpringPotential(length: 3)

    private static func neon() throws -> ReducedStructure {
        let neon = try #require(Element(symbol: "Ne"))
        let faces = [SIMD3(0.0, 0, 0), SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0)]
        let structure = CrystalStructure(
            lattice: Lattice(a: 3.6, b: 3.6, c: 3.6, alpha: 90, beta: 90, gamma: 90),
            sites: faces.map { Site(neon, at: $0) })
        return try ReducedStructure(
            reducing: structure, try SymmetryFinder.find(in: structure, tolerance: 1e-4))
    }

    private func verdict(
        on result: Relaxation.Result, saddle: SaddleCheck.Finding? = nil
    ) throws -> [VerdictClause] {
        RelaxationClause.verdict(
            on: result, groupHeld: try GroupVerification.of(result.structure).isHeld, saddle: saddle)
    }

    private func failing(_ clauses: [VerdictClause]) -> [String] {
        clauses.filter { $0.outcome == .fails }.map(\.name)
    }

    @Test("a relaxation that converged is proven in every clause; of a saddle nobody asked")
    func soundVerdict() throws {
        let start = try Self.neon()
        let result = try Relaxation().relax(start, Self.longSprings)
        let clauses = try verdict(on: result)
        #expect(clauses.map(\.name) == RelaxationClause.allCases.map(\.rawValue))
        #expect(clauses.map(\.outcome) == [.holds, .holds, .holds, .unknown, .unknown])
    }

    @Test("a limit on the evaluations fails the clause of convergence")
    func limitVerdict() throws {
        let start = try Self.rutile()
        var relaxation = Relaxation()
        relaxation.maximumEvaluations = 1
        let result = try relaxation.relax(start, SpringPotential())
        #expect(failing(try verdict(on: result)) == ["converged"])
    }

    @Test("atoms that relax into each other fail the clause of contacts")
    func contactVerdict() throws {
        var start = try Self.rutile()
        for index in start.latticeParameters.values.indices { start.latticeParameters.values[index] *= 0.35 }
        var relaxation = Relaxation()
        relaxation.maximumEvaluations = 1
        let result = try relaxation.relax(start, SpringPotential())
        #expect(failing(try verdict(on: result)) == ["converged", "contacts"])
    }

    @Test("a group that does not hold fails its clause")
    func groupVerdict() throws {
        let start = try Self.neon()
        let result = try Relaxation().relax(start, Self.longSprings)
        let clauses = RelaxationClause.verdict(on: result, groupHeld: false, saddle: nil)
        #expect(failing(clauses) == ["group"])
    }

    @Test(
        "what is flat within the noise holds the clause of saddles, and an unstable crystal fails that of stiffnesses"
    )
    func flatAndElasticVerdict() throws {
        let result = try Relaxation().relax(Self.neon(), Self.longSprings)
        let finding = SaddleCheck.Finding(
            softestCurvature: -1, brokenDirections: 12, isSaddle: false, isFlat: true,
            energyChangePerAtom: -1e-4,
            largestDisplacement: 0.01, lowerSpaceGroup: SpaceGroup(hallNumber: 1), evaluations: 3)
        let clause = try verdict(on: result, saddle: finding).first { $0.name == "saddle" }
        #expect(clause?.outcome == .holds && clause?.sentence.contains("flat within") == true)
        for stiffness in [100.0, -5] {
            var matrix = DenseMatrix.identity(6)
            matrix[5, 5] = stiffness
            let clauses = RelaxationClause.verdict(
                on: result, groupHeld: true, saddle: nil, elastic: try ElasticConstants(stiffness: matrix))
            #expect(failing(clauses) == (stiffness > 0 ? [] : ["elastic"]))
        }
    }

    @Test("a saddle fails its clause, a minimum holds it")
    func saddleVerdict() throws {
        let start = try Self.neon()
        let result = try Relaxation().relax(start, Self.longSprings)
        for isSaddle in [true, false] {
            let finding = SaddleCheck.Finding(
                softestCurvature: isSaddle ? -1 : 1, brokenDirections: 12, isSaddle: isSaddle,
                energyChangePerAtom: isSaddle ? -0.01 : nil,
                lowerSpaceGroup: isSaddle ? SpaceGroup(hallNumber: 1) : nil,
                evaluations: 3)
            #expect(
                failing(try verdict(on: result, saddle: finding)) == (isSaddle ? ["saddle"] : []))
        }
    }
}
