import Crystallography
import Energies
import Foundation
import NumericalMethods
import Parameterization
import Reports
import Symmetry
import Testing

/// The energy of a spring that pulls the cell to a volume: known by hand.
private struct VolumeSpring: InteratomicPotential {
    var rest = 47.0
    var name: String { "spring" }

    func evaluate(_ structure: CrystalStructure) throws -> EnergyEvaluation {
        let excess = structure.lattice.volume - rest
        let stress = 2 * excess * EnergyEvaluation.gigapascal
        return EnergyEvaluation(
            energy: excess * excess, forces: structure.sites.map { _ in .zero }, stress: stress * .identity)
    }
}

@Suite("what energy and relax print") struct EnergySummaryTests {
    @Test("energy, stress and slope are those of the potential, per atom where the name says so")
    func energy() throws {
        let structure = try Samples.copper()
        let energy = try StructureEnergy.evaluated(structure, by: VolumeSpring(), tolerance: 0.01)
        let summary = EnergySummary(energy, file: "cu.cif", name: "Cu", potential: "spring")
        let excess = structure.lattice.volume - 47
        #expect(summary.atoms == 4 && summary.formula == "Cu4")
        #expect(abs(summary.energyPerAtom - excess * excess / 4) < 1e-9)
        // dE/da = 2 (V − V₀) 3a², for four atoms.
        let slope = 2 * excess * 3 * 3.615 * 3.615 / 4
        #expect(summary.gradient.map(\.name) == ["a"])
        #expect(abs(summary.gradient[0].derivative / slope - 1) < 1e-6)
        let object = try Samples.object(summary)
        #expect((object["spaceGroup"] as? [String: Any])?["number"] as? Int == 225)
        #expect(object["timing"] is NSNull)
        #expect(summary.text.hasPrefix("cu.cif  Cu4  Fm-3m  spring"))
    }

    @Test("timing is there where it was asked for, and no run takes less than nothing")
    func timing() throws {
        let energy = try StructureEnergy.evaluated(Samples.copper(), by: VolumeSpring(), tolerance: 0.01)
        var calls = 0
        let time = EvaluationTime.least { calls += 1 }
        #expect(calls >= 3 && time.elapsed >= 0 && time.processor >= 0)
        let timing = try energy.timed(by: VolumeSpring())
        #expect(timing.full.elapsed > 0 && timing.orbits.elapsed > 0)
        let summary = EnergySummary(energy, timing: timing, file: "", name: "", potential: "")
        #expect(summary.timing?.orbits == 1 && summary.text.contains("ms for 4 atoms"))
    }

    @Test("a relaxation says the group that was held and the one that is found, in one shape")
    func relaxation() throws {
        let structure = try Samples.copper()
        let start = try ReducedStructure(
            reducing: structure, SymmetryFinder.find(in: structure, tolerance: 0.01))
        var relaxation = Relaxation()
        relaxation.stressTolerance = 1e-3
        let result = try relaxation.relax(start, VolumeSpring())
        let verification = try GroupVerification.of(result.structure)
        #expect(verification.isHeld && verification.found.number == 225)
        let summary = RelaxationSummary(
            result, from: start, startEnergy: 1, verification: verification, file: "x", name: "Cu",
            potential: "spring", pressure: 0)
        #expect(abs(summary.volume - 47) < 0.01 && summary.parameters.map(\.name) == ["a"])
        let object = try Samples.object(summary)
        for key in ["spaceGroup", "foundSpaceGroup"] {
            #expect((object[key] as? [String: Any])?["symbol"] as? String == "F m -3 m")
        }
        #expect(object["number"] as? Int == 225 && object["saddle"] is NSNull)
        #expect(summary.text.contains("Fm-3m held") && summary.passed)
        #expect(summary.sites.map(\.element) == ["Cu"] && summary.sites.map(\.multiplicity) == [4])
        let cell = summary.cell
        #expect(cell.count == 6 && abs(cell[0] * cell[1] * cell[2] - 47) < 0.1, "\(cell)")
        #expect(object["elastic"] is NSNull)
    }

    /// A spring of the volume alone resists no shear: it is not stable, and there is no lower bound of its moduli.
    @Test("ElasticSummary: six rows of six, and a crystal without shear stiffness is said not to be stable")
    func elastic() throws {
        let copper = try #require(Element(symbol: "Cu"))
        let start = ReducedStructure(
            spaceGroup: try SpaceGroup.find("225"),
            lattice: Lattice(a: 3.6, b: 3.6, c: 3.6, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [Site(copper, at: .zero)])
        let result = try Relaxation().relax(start, VolumeSpring())
        let finding = try StressStrainMethod().measure(result.structure, VolumeSpring())
        let summary = RelaxationSummary(
            result, from: start, startEnergy: 1, verification: try GroupVerification.of(result.structure),
            file: "x", name: "Cu", potential: "spring", pressure: 0, elasticity: finding)
        let object = try #require(try Samples.object(summary)["elastic"] as? [String: Any])
        let rows = try #require(object["stiffness"] as? [[Double]])
        #expect(rows.count == 6 && rows.allSatisfy { $0.count == 6 })
        #expect(abs(rows[0][0] - rows[0][1]) < 1e-3 * rows[0][0] && abs(rows[3][3]) < 1e-3 * rows[0][0])
        #expect(object["reuss"] is NSNull && object["isStable"] as? Bool == false)
        #expect(summary.text.contains("NOT mechanically stable") && !summary.passed)
    }
}
