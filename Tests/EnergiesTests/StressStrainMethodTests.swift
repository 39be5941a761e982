import Crystallography
import Energies
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// ½ k (d − r)² between nearest neighbours and nothing else.
private struct NeighbourSprings: InteratomicPotential {
    var name: String { "neighbour springs" }
    /// Å.
    var length: Double
    /// eV/Å².
    var stiffness: Double

    func evaluate(_ structure: CrystalStructure) throws -> EnergyEvaluation {
        let vectors = structure.lattice.vectors
        var energy = 0.0
        var forces = [SIMD3<Double>](repeating: .zero, count: structure.sites.count)
        var virial = Matrix3.zero
        let near = PeriodicGeometry(structure.lattice).neighbours(
            of: structure.sites.map(\.position), within: 1.2 * length)
        for (i, neighbours) in near.enumerated() {
            for neighbour in neighbours {
                let other = structure.sites[neighbour.index].position + SIMD3<Double>(neighbour.cell)
                let r = (other - structure.sites[i].position) * vectors
                let miss = r.length - length
                energy += stiffness * miss * miss / 4
                let g = r * (stiffness * miss / r.length / 2)
                forces[i] += 2 * g
                virial.rows.0 += r.x * g
                virial.rows.1 += r.y * g
                virial.rows.2 += r.z * g
            }
        }
        return EnergyEvaluation(
            energy: energy, forces: forces,
            stress: (EnergyEvaluation.gigapascal / structure.lattice.volume) * virial)
    }
}

/// Lennard-Jones pairs of about equal atoms, brought to zero smoothly: close packings are stable, ordered alloys of them too.
struct LennardJones: InteratomicPotential {
    var name: String { "lennard-jones" }
    /// Å.
    var cutoff = 4.8
    /// eV.
    var depth = 0.3
    /// Å by element.
    private static let sizes = ["Cu": 2.3, "Ag": 2.38, "Au": 2.44]

    func evaluate(_ structure: CrystalStructure) throws -> EnergyEvaluation {
        let vectors = structure.lattice.vectors
        let sizes = structure.sites.map { Self.sizes[$0.occupants[0].species.element.symbol] ?? 2.3 }
        var energy = 0.0
        var forces = [SIMD3<Double>](repeating: .zero, count: structure.sites.count)
        var virial = Matrix3.zero
        let near = PeriodicGeometry(structure.lattice).neighbours(
            of: structure.sites.map(\.position), within: cutoff)
        for (i, neighbours) in near.enumerated() {
            for neighbour in neighbours {
                let other = structure.sites[neighbour.index].position + SIMD3<Double>(neighbour.cell)
                let r = (other - structure.sites[i].position) * vectors
                let d = r.length
                let u = 1 - d * d / (cutoff * cutoff)
                guard u > 0 else { continue }
                let sixth = pow((sizes[i] + sizes[neighbour.index]) / 2 / d, 6)
                let pair = 4 * depth * (sixth * sixth - sixth)
                let slope = 4 * depth * (-12 * sixth * sixth + 6 * sixth) / d
                energy += pair * u * u * u / 2
                let g = r * ((slope * u - pair * 6 * d / (cutoff * cutoff)) * u * u / d / 2)
                forces[i] += 2 * g
                virial.rows.0 += r.x * g
                virial.rows.1 += r.y * g
                virial.rows.2 += r.z * g
            }
        }
        return EnergyEvaluation(
            energy: energy, forces: forces,
            stress: (EnergyEvaluation.gigapascal / structure.lattice.volume) * virial)
    }
}

/// Laws of elastic constants that need no model. Reaches `ElasticSettings`.
@Suite("elastic constants by stress and strain") struct StressStrainMethodTests {
    /// Close packings and ordered alloys of them: Fm-3m, P6₃/mmc, P4/mmm (L1₀), R-3m (L1₁), Pmma (B19).
    static let crystals: [(group: String, cell: [Double], sites: [(String, SIMD3<Double>)])] = [
        ("225", [3.6, 3.6, 3.6, 90, 90, 90], [("Cu", .zero)]),
        ("194", [2.55, 2.55, 4.16, 90, 90, 120], [("Cu", SIMD3(1 / 3, 2 / 3, 0.25))]),
        ("123", [2.6, 2.6, 3.7, 90, 90, 90], [("Cu", .zero), ("Au", SIMD3(0.5, 0.5, 0.5))]),
        ("166", [2.6, 2.6, 12.8, 90, 90, 120], [("Cu", .zero), ("Au", SIMD3(0, 0, 0.5))]),
        (
            "51", [4.2, 2.6, 4.5, 90, 90, 90],
            [("Ag", SIMD3(0.25, 0, 0.83)), ("Cu", SIMD3(0.25, 0.5, 0.33))]
        ),
    ]
    private static let springs = LennardJones()
    /// Pairs have no ripples, so that small strains will do.
    private static let method = {
        var method = StressStrainMethod()
        method.settings.strain = 0.004
        return method
    }()

    private static func measured(
        _ index: Int
    ) throws -> (start: ReducedStructure, finding: StressStrainMethod.Finding) {
        let crystal = crystals[index]
        let start = ReducedStructure(
            spaceGroup: try SpaceGroup.find(crystal.group),
            lattice: Lattice(
                a: crystal.cell[0], b: crystal.cell[1], c: crystal.cell[2], alpha: crystal.cell[3],
                beta: crystal.cell[4], gamma: crystal.cell[5]),
            asymmetricSites: try crystal.sites.map {
                Site(try #require(Element(symbol: $0.0)), at: $0.1)
            })
        return (start, try method.measure(start, springs))
    }

    /// C11 = √2 k/r, C12 = C44 = C11/2: what springs between the nearest neighbours of a cubic close packing have (Born & Huang, § 29).
    @Test("springs of a cubic close packing have the constants of the formula, and Cauchy's relation holds")
    func closePacking() throws {
        let springs = NeighbourSprings(length: 2.5, stiffness: 3)
        let edge = 2.5 * 2.0.squareRoot()
        let start = ReducedStructure(
            spaceGroup: try SpaceGroup.find("225"),
            lattice: Lattice(a: edge, b: edge, c: edge, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [Site(try #require(Element(symbol: "Cu")), at: .zero)])
        let finding = try StressStrainMethod().measure(start, springs)
        #expect(finding.strains == 2 && finding.steps == 4 && (finding.uncertainty ?? 1) < 1e-3 * 100)
        let c = finding.relaxed.stiffness
        let expected = 2.0.squareRoot() * 3 / 2.5 * EnergyEvaluation.gigapascal
        for i in 0..<6 {
            for j in 0..<6 {
                let truth = i == j ? (i < 3 ? expected : expected / 2) : i < 3 && j < 3 ? expected / 2 : 0
                #expect(abs(c[i, j] - truth) < 1e-3 * expected, "C\(i + 1)\(j + 1) \(c[i, j]) \(truth)")
            }
        }
        #expect(finding.relaxed.isStable && finding.relaxed == finding.clamped)
    }

    /// Of random strains, ions at rest: ½ V eᵀ C e. Two ways to the same numbers, one by stresses, one by energies.
    @Test("second differences of the energy are the constants", arguments: crystals.indices)
    func energies(index: Int) throws {
        let finding = try Self.measured(index).finding
        let minimum = finding.minimum
        #expect(finding.asymmetry < 0.005 * finding.relaxed.voigt.bulk)
        var relaxation = Relaxation()
        relaxation.relaxesCell = false
        (relaxation.forceTolerance, relaxation.energyTolerance) = (1e-5, 1e-12)
        let triclinic = try #require(SpaceGroup(hallNumber: 1))
        let crystal = minimum.expanded()
        var random = RandomStream(seed: UInt64(index))
        for _ in 0..<2 {
            var strain = (0..<6).map { _ in random.normal() }
            let norm = strain.map { $0 * $0 }.reduce(0, +).squareRoot()
            strain = strain.map { $0 / norm }
            func energy(_ h: Double, relaxed: Bool) throws -> Double {
                var moved = crystal
                moved.lattice = Lattice(
                    vectors: crystal.lattice.vectors * (.identity + h * KelvinNotation.tensor(strain)))
                guard relaxed else { return try Self.springs.evaluate(moved).energy }
                return try relaxation.relax(ReducedStructure(reducing: moved, in: triclinic), Self.springs)
                    .last.evaluation.energy
            }
            let h = 0.004
            for isRelaxed in [true, false] {
                let curvature =
                    try
                    (energy(h, relaxed: isRelaxed) - 2 * energy(0, relaxed: isRelaxed)
                    + energy(-h, relaxed: isRelaxed)) / (h * h) / crystal.lattice.volume
                    * EnergyEvaluation.gigapascal
                let constants = isRelaxed ? finding.relaxed : finding.clamped
                let matrix = constants.kelvin
                let expected = zip(strain, matrix * strain).map { $0 * $1 }.reduce(0, +)
                #expect(
                    abs(curvature - expected) < 0.02 * constants.voigt.bulk + 0.02 * abs(expected),
                    "\(isRelaxed) \(curvature) \(expected)")
            }
        }
    }

    @Test("the tensor is that of the point group, whatever strains were applied", arguments: crystals.indices)
    func symmetry(index: Int) throws {
        let (_, finding) = try Self.measured(index)
        let minimum = finding.minimum
        let vectors = minimum.lattice.vectors.transpose
        for constants in [finding.relaxed, finding.clamped] {
            for operation in minimum.spaceGroup.operations {
                let rotation = vectors * Matrix3(operation.rotation) * vectors.inverse
                let turned = try constants.rotated(by: rotation)
                for (a, b) in zip(turned.stiffness.elements, constants.stiffness.elements) {
                    #expect(abs(a - b) < 1e-4 * constants.voigt.bulk)
                }
            }
        }
    }

    /// What a press measures is the compliance under one pressure.
    @Test("the bulk modulus is that of volumes under pressure", arguments: [0, 2, 4])
    func bulk(index: Int) throws {
        let finding = try Self.measured(index).finding
        func volume(_ pressure: Double) throws -> Double {
            var relaxation = Relaxation()
            relaxation.pressure = pressure
            (relaxation.forceTolerance, relaxation.stressTolerance) = (1e-5, 1e-4)
            relaxation.energyTolerance = 1e-12
            return try relaxation.relax(finding.minimum, Self.springs).structure.lattice.volume
        }
        let modulus = try -finding.minimum.lattice.volume * 0.4 / (volume(0.2) - volume(-0.2))
        let reuss = try #require(finding.relaxed.reuss)
        #expect(abs(modulus - reuss.bulk) < 0.02 * reuss.bulk, "\(modulus) \(reuss.bulk)")
    }

    @Test("a cell that is turned, primitive or a supercell has the constants of its setting")
    func cells() throws {
        let (start, finding) = try Self.measured(4)
        let crystal = start.expanded()
        let angle = 0.7
        let turn = Matrix3(
            rows: SIMD3(cos(angle), sin(angle), 0), SIMD3(-sin(angle), cos(angle), 0), SIMD3(0, 0, 1))
        var turned = crystal
        turned.lattice = Lattice(vectors: crystal.lattice.vectors * turn)
        var long = crystal
        long.lattice.vectors[2] = 2 * crystal.lattice.vectors[2]
        long.sites = crystal.sites.flatMap { site in
            [0.0, 1].map { shift in
                var copy = site
                copy.position.z = (site.position.z + shift) / 2
                return copy
            }
        }
        for other in [turned, long] {
            let reduced = try ReducedStructure(
                reducing: other, SymmetryFinder.find(in: other, tolerance: 1e-4))
            #expect(reduced.spaceGroup.number == start.spaceGroup.number)
            let again = try Self.method.measure(reduced, Self.springs)
            let own = try #require(again.relaxed.hill), before = try #require(finding.relaxed.hill)
            #expect(abs(own.shear - before.shear) < 1e-3 * before.shear)
            #expect(abs(own.bulk - before.bulk) < 1e-3 * before.bulk)
            guard reduced.spaceGroup == start.spaceGroup else { continue }
            for (a, b) in zip(again.relaxed.stiffness.elements, finding.relaxed.stiffness.elements) {
                #expect(abs(a - b) < 2e-3 * finding.relaxed.voigt.bulk)
            }
        }
    }
}
