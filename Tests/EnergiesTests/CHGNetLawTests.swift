import Crystallography
import Energies
import Foundation
import LearnedModels
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// Laws that hold whatever the weights are.
///
/// Reaches `CHGNetPass`, `CHGNetReverse`, `OrientedSetting`.
@Suite(.enabled(if: Reference.isInstalled, "the model is not installed: wyckoff models fetch"))
struct CHGNetLawTests {
    /// A low-symmetry oxide with angles, displaced by the seed.
    private func rattled(_ seed: UInt64, strength: Double = 0.15) throws -> CrystalStructure {
        var random = RandomStream(seed: seed)
        let lattice = Lattice(a: 4.1, b: 4.6, c: 5.2, alpha: 84, beta: 97, gamma: 101)
        let atoms: [(String, SIMD3<Double>)] = [
            ("Ti", SIMD3(0.02, 0.05, 0.01)), ("Fe", SIMD3(0.52, 0.48, 0.55)), ("O", SIMD3(0.3, 0.2, 0.75)),
            ("O", SIMD3(0.7, 0.78, 0.24)), ("O", SIMD3(0.18, 0.7, 0.35)),
        ]
        let sites = try atoms.map { symbol, f in
            let shift = SIMD3(random.normal(), random.normal(), random.normal()) * (strength / 5)
            return Site(try #require(Element(symbol: symbol)), at: f + shift)
        }
        return CrystalStructure(lattice: lattice, sites: sites)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func forcesAreMinusTheDerivativeOfTheEnergy(seed: UInt64) throws {
        let model = try Reference.model()
        let structure = try rattled(seed)
        let forces = try model.evaluate(structure).forces
        let toFractional = structure.lattice.vectors.inverse
        for (atom, axis) in [(0, 0), (1, 2), (2, 1), (4, 0)] {
            var direction = SIMD3<Double>.zero
            direction[axis] = 1
            func energy(_ h: Double) throws -> Double {
                var moved = structure
                moved.sites[atom].position += (direction * h) * toFractional
                return try model.evaluate(moved).energy
            }
            let numeric = try Self.derivative(energy)
            #expect(abs(numeric + forces[atom][axis]) < 1e-6 * max(1, forces[atom].length))
        }
    }

    @Test func stressIsTheDerivativeOfTheEnergy() throws {
        let model = try Reference.model()
        let structure = try rattled(4)
        let stress = try model.evaluate(structure).stress
        for (i, j) in [(0, 0), (1, 1), (0, 1), (1, 2)] {
            func energy(_ h: Double) throws -> Double {
                var strain = Matrix3.identity
                strain[i, j] += h / 2
                strain[j, i] += h / 2
                var moved = structure
                moved.lattice = Lattice(vectors: structure.lattice.vectors * strain)
                return try model.evaluate(moved).energy
            }
            let numeric = try Self.derivative(energy) / structure.lattice.volume * 160.21766208
            #expect(abs(numeric - stress[i, j]) < 1e-5 * max(1, stress.frobeniusNorm))
        }
    }

    @Test func nothingChangesUnderRotationTranslationOrderOrAnotherCell() throws {
        let model = try Reference.model()
        let structure = try rattled(5)
        let plain = try model.evaluate(structure)
        // Rotation about (1, 1, 1) by 40°, translation, another basis of the same lattice, reversed order.
        let (c, s) = (cos(40 * Double.pi / 180), sin(40 * Double.pi / 180))
        let (d, o) = ((1 + 2 * c) / 3, (1 - c) / 3)
        let w = s / 3.0.squareRoot()
        let rotation = Matrix3(rows: SIMD3(d, o - w, o + w), SIMD3(o + w, d, o - w), SIMD3(o - w, o + w, d))
        let basis = Matrix3(rows: SIMD3(1, 0, 0), SIMD3(3, 1, 0), SIMD3(-2, 5, 1))
        var moved = structure
        moved.lattice = Lattice(vectors: basis * structure.lattice.vectors * rotation.transpose)
        for i in moved.sites.indices {
            let f = structure.sites[i].position + SIMD3(0.31, -1.2, 7.77)
            moved.sites[i].position = f * basis.inverse
        }
        moved.sites.reverse()
        let turned = try model.evaluate(moved)
        #expect(abs(turned.energy - plain.energy) < 1e-9)
        for (f, g) in zip(plain.forces, turned.forces.reversed()) {
            #expect((rotation * f - g).length < 1e-9)
        }
        #expect((rotation * plain.stress * rotation.transpose - turned.stress).frobeniusNorm < 1e-8)
    }

    @Test func aSupercellHasAsManyTimesTheEnergy() throws {
        let model = try Reference.model()
        let structure = try rattled(6)
        let plain = try model.evaluate(structure)
        let large = try model.evaluate(Self.supercell(structure, 3, 2, 1))
        #expect(abs(large.energy - 6 * plain.energy) < 1e-8)
        #expect((large.stress - plain.stress).frobeniusNorm < 1e-8)
    }

    /// Value, slope and curvature of a pair that passes a cut-off have no step.
    @Test(arguments: [3.0, 6.0])
    func energyIsSmoothAcrossTheCutOffs(cutoff: Double) throws {
        let model = try Reference.model()
        let oxygen = try #require(Element(symbol: "O"))
        let iron = try #require(Element(symbol: "Fe"))
        func force(_ distance: Double) throws -> Double {
            let sites = [
                Site(iron, at: .zero), Site(oxygen, at: SIMD3(0.07, 0.08, 0)),
                Site(iron, at: SIMD3(distance / 20, 0, 0)),
            ]
            let lattice = Lattice(a: 20, b: 20, c: 20, alpha: 90, beta: 90, gamma: 90)
            return try model.evaluate(CrystalStructure(lattice: lattice, sites: sites)).forces[2].x
        }
        let h = 1e-5
        let left = try (force(cutoff - h) - force(cutoff - 2 * h)) / h
        let right = try (force(cutoff + 2 * h) - force(cutoff + h)) / h
        #expect(try abs(force(cutoff + 1e-9) - force(cutoff - 1e-9)) < 1e-7)
        #expect(abs(left - right) < 1e-2 * max(1, abs(left)))
    }

    @Test func gradientInTheReducedSpaceIsThatOfTheEnergy() throws {
        let model = try Reference.model()
        // Rutile: a, c and the oxygen's x are free.
        let group = try SpaceGroup.find("136")
        let sites = try [("Ti", SIMD3(0.0, 0, 0)), ("O", SIMD3(0.31, 0.31, 0))].map {
            Site(try #require(Element(symbol: $0)), at: $1)
        }
        let reduced = ReducedStructure(
            spaceGroup: group, lattice: Lattice(a: 4.6, b: 4.6, c: 2.93, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: sites)
        let slopes = try model.evaluate(reduced.expanded()).gradient(in: reduced)
        #expect(reduced.parameters.map(\.name) == ["a", "c", "O1.x"])
        for k in slopes.indices {
            func energy(_ h: Double) throws -> Double {
                var moved = reduced
                moved.parameterVector[k] += h
                return try model.evaluate(moved.expanded()).energy
            }
            #expect(try abs(Self.derivative(energy) - slopes[k]) < 1e-6 * max(1, abs(slopes[k])))
        }
    }

    @Test func badInputIsRefusedInOneLine() throws {
        let model = try Reference.model()
        let lattice = Lattice(a: 4, b: 4, c: 4, alpha: 90, beta: 90, gamma: 90)
        let iron = try #require(Element(symbol: "Fe"))
        func refuses(_ sites: [Site], _ lattice: Lattice) {
            let error = #expect(throws: EnergyError.self) {
                try model.evaluate(CrystalStructure(lattice: lattice, sites: sites))
            }
            #expect(error.map { !"\($0)".contains("\n") } ?? false)
        }
        refuses([], lattice)
        refuses([Site(iron, at: .zero), Site(iron, at: SIMD3(1, 1e-9, 0))], lattice)
        refuses([Site(iron, at: SIMD3(.nan, 0, 0))], lattice)
        refuses([Site(iron, at: .zero)], Lattice(a: 9, b: 9, c: 9, alpha: 90, beta: 90, gamma: 90))
        refuses([Site(iron, at: .zero)], Lattice(a: 1e-3, b: 1e-3, c: 1, alpha: 90, beta: 90, gamma: 90))
        // Denser than matter, not closer than atoms may stand: the angles would fill any memory.
        let tiny = Lattice(a: 0.4, b: 0.4, c: 0.4, alpha: 90, beta: 90, gamma: 90)
        refuses([Site(iron, at: .zero), Site(iron, at: SIMD3(0.5, 0.5, 0.5))], tiny)
        let reduced = ReducedStructure(
            spaceGroup: try SpaceGroup.find("229"), lattice: tiny, asymmetricSites: [Site(iron, at: .zero)])
        #expect(throws: EnergyError.self) { try model.evaluate(reduced) }
        refuses([Site(try #require(Element(symbol: "Og")), at: .zero)], lattice)
        refuses([Site(occupants: [Occupant(Species(iron), occupancy: 0.5)], position: .zero)], lattice)
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["WYCKOFF_BENCH"] != nil, "set WYCKOFF_BENCH"))
    func timesOfOneEvaluation() throws {
        let model = try Reference.model()
        var structures = try Reference.entries().filter {
            ["Si-diamond", "SrTiO3-cubic", "carbon24-test-700", "oqmd-18369-22905-Li17Sn4"].contains($0.name)
        }.map(\.structure)
        let perovskite = try #require(structures.first { $0.title == "SrTiO3-cubic" })
        structures += [Self.supercell(perovskite, 2, 2, 2), Self.supercell(perovskite, 6, 6, 6)]
        for structure in structures {
            let rounds = max(1, 200 / structure.sites.count)
            var best = Double.infinity
            for _ in 0..<rounds {
                let start = ContinuousClock.now
                _ = try model.evaluate(structure)
                best = min(best, (ContinuousClock.now - start) / .milliseconds(1))
            }
            print("time: \(structure.title) \(structure.sites.count) atoms \(best) ms")
        }
    }

    // MARK: Differences

    /// Five-point central difference at the best of three steps, all small: where edges are parallel the angle turns
    /// sharply within a milliradian.
    private static func derivative(_ f: (Double) throws -> Double) throws -> Double {
        let values = try [1e-4, 3e-5, 1e-5].map { h in
            try (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h)
        }
        return abs(values[0] - values[1]) < abs(values[1] - values[2]) ? values[1] : values[2]
    }

    private static func supercell(_ structure: CrystalStructure, _ l: Int, _ m: Int, _ n: Int)
        -> CrystalStructure
    {
        let size = SIMD3(Double(l), Double(m), Double(n))
        var result = structure
        result.lattice = Lattice(vectors: Matrix3(diagonal: size) * structure.lattice.vectors)
        result.sites = (0..<(l * m * n)).flatMap { k in
            let shift = SIMD3(Double(k / (m * n)), Double(k / n % m), Double(k % n))
            return structure.sites.map { site in
                var copy = site
                copy.position = (site.position + shift) / size
                return copy
            }
        }
        return result
    }
}
