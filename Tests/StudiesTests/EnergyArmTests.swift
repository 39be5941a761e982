import Crystallography
import Energies
import Foundation
import NumericalMethods
import Studies
import Testing

/// Springs that hold each atom at its place in a structure, in fractions of the cell, and the cell at a volume.
struct PlacePotential: InteratomicPotential {
    var structure: CrystalStructure
    /// eV/Å² and eV/Å³.
    var stiffness = 3.0
    var bulk = 0.5
    var isSilent = false
    var name: String { "places" }

    struct Silence: Error {}

    func evaluate(_ moved: CrystalStructure) throws -> EnergyEvaluation {
        guard !isSilent, moved.sites.count == structure.sites.count else { throw Silence() }
        var energy = 0.0
        var virial = Matrix3.zero
        var forces: [SIMD3<Double>] = []
        for (site, home) in zip(moved.sites, structure.sites) {
            let shift = site.position - home.position
            let r = moved.lattice.cartesian(shift - shift.rounded(.toNearestOrAwayFromZero))
            energy += 0.5 * stiffness * r.dot(r)
            forces.append(r * -stiffness)
            virial.rows.0 += r.x * (stiffness * r)
            virial.rows.1 += r.y * (stiffness * r)
            virial.rows.2 += r.z * (stiffness * r)
        }
        let (volume, home) = (moved.lattice.volume, structure.lattice.volume)
        let change = (volume - home) / home
        energy += 0.5 * bulk * home * change * change
        let pressure = bulk * change * volume
        virial.rows.0.x += pressure
        virial.rows.1.y += pressure
        virial.rows.2.z += pressure
        return EnergyEvaluation(
            energy: energy, forces: forces, stress: (EnergyEvaluation.gigapascal / volume) * virial)
    }
}

@Suite(.enabled(if: LandscapeStructures.areThere, "needs ../shared")) struct EnergyArmTests {
    static func sample(_ reference: RecoveryReference, _ kind: NoiseLevel.Kind, _ amount: Double)
        -> RecoverySample
    {
        RecoverySample(structure: reference.name, noise: NoiseLevel(kind, amount), index: 0, seed: 1)
    }

    static func run(
        _ method: EnergyArm.Method, _ reference: RecoveryReference, _ potential: any InteratomicPotential,
        _ kind: NoiseLevel.Kind, _ amount: Double, change: (inout EnergyArm) -> Void = { _ in }
    ) throws -> (start: CrystalStructure, end: CrystalStructure) {
        let sample = sample(reference, kind, amount)
        let start = sample.start(of: reference)
        var arm = EnergyArm(method, potential: potential)
        change(&arm)
        return (start, try arm.run(start, sample, reference: reference).structure)
    }

    @Test("an energy whose minimum is the reference leads back to it", arguments: ["NaS", "LiMnIr2"])
    func recovery(_ name: String) throws {
        let reference = try #require(try LandscapeStructures.named(name))
        let potential = PlacePotential(structure: reference.structure)
        for method in [EnergyArm.Method.energy, .energySymmetry] {
            let end = try Self.run(method, reference, potential, .coordinates, 0.05).end
            let measures = try RecoveryMeasures(end, reference: reference)
            #expect(measures.matched && measures.cellError < 1e-9, "\(method): \(measures)")
        }
    }

    @Test("only what was distorted moves: coordinates leave the cell, a lattice leaves the coordinates")
    func freedom() throws {
        let reference = try #require(try LandscapeStructures.named("NaS"))
        var away = reference.structure
        away.lattice = Lattice(vectors: 1.05 * away.lattice.vectors)
        let potential = PlacePotential(structure: away)
        for method in [EnergyArm.Method.energy, .energySymmetry, .patternSymmetry, .patternAndEnergy] {
            let (start, end) = try Self.run(method, reference, potential, .coordinates, 0.02)
            #expect(abs(end.lattice.volume - start.lattice.volume) < 1e-9 * start.lattice.volume, "\(method)")
        }
        let (start, end) = try Self.run(.energy, reference, potential, .lattice, 0.02)
        #expect(abs(end.lattice.volume - away.lattice.volume) < 1e-2 * away.lattice.volume)
        #expect(zip(start.sites, end.sites).allSatisfy { ($0.position - $1.position).length < 1e-9 })
    }

    @Test("the pattern alone never asks for an energy, and weight nought is the pattern alone")
    func noEnergy() throws {
        let reference = try #require(try LandscapeStructures.named("NaS"))
        let silent = PlacePotential(structure: reference.structure, isSilent: true)
        let alone = try Self.run(.patternSymmetry, reference, silent, .coordinates, 0.02).end
        let unweighted = try Self.run(.patternAndEnergy, reference, silent, .coordinates, 0.02) {
            $0.weights = [0]
        }.end
        #expect(alone == unweighted)
        #expect(try RecoveryMeasures(alone, reference: reference).exact)
    }

    @Test("where energy and pattern disagree a little, the pattern has the last word")
    func lastWord() throws {
        let reference = try #require(try LandscapeStructures.named("NaS"))
        var strained = reference.structure
        strained.lattice = Lattice(vectors: 1.01 * strained.lattice.vectors)
        let potential = PlacePotential(structure: strained)
        let end = try Self.run(.energyThenPattern, reference, potential, .lattice, 0.02).end
        #expect(try RecoveryMeasures(end, reference: reference).exact)
    }

    @Test("arms are called as studies call them, and say what they know and what they look at")
    func names() throws {
        let reference = try #require(try LandscapeStructures.named("NaS"))
        let potential = PlacePotential(structure: reference.structure)
        for method in EnergyArm.Method.allCases {
            let arm = EnergyArm(method, potential: potential)
            #expect(arm.name == method.rawValue && !arm.takesMeasuredPatterns)
            #expect((arm.prior == .none) == (method == .energy))
            #expect(arm.objective.isEmpty == (method == .energy || method == .energySymmetry))
        }
    }
}
