import Crystallography
import Energies
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// Models of the Debian package openkim-models.
private enum KIMModels {
    static let aluminium = "EAM_Dynamo_ErcolessiAdams_1994_Al__MO_123629422045_005"
    static let silicon = "SW_StillingerWeber_1985_Si__MO_405512056662_005"
    static let isAtHand = (try? KIMPotential(aluminium)) != nil
}

@Suite(
    "KIM models",
    .enabled(if: KIMModels.isAtHand, "no KIM models: apt-get install libkim-api-dev openkim-models"))
struct KIMPotentialTests {
    @Test("Ercolessi and Adams' aluminium: 4.032 Å and −3.36 eV as they published")
    func aluminium() throws {
        let model = try KIMPotential(KIMModels.aluminium)
        let element = try #require(Element(symbol: "Al"))
        let start = ReducedStructure(
            spaceGroup: try SpaceGroup.find("225"),
            lattice: Lattice(a: 4.1, b: 4.1, c: 4.1, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [Site(element, at: .zero)])
        let result = try Relaxation().relax(start, model)
        #expect(result.outcome == .converged)
        #expect(abs(cbrt(result.structure.lattice.volume) - 4.032) < 0.003)
        #expect(abs(result.last.evaluation.energyPerAtom + 3.36) < 0.005)
    }

    @Test(
        "forces and stress are derivatives of the energy",
        arguments: [KIMModels.silicon, KIMModels.aluminium])
    func derivatives(identifier: String) throws {
        guard let model = try? KIMPotential(identifier) else { return }
        let isSilicon = identifier == KIMModels.silicon
        let element = try #require(Element(symbol: isSilicon ? "Si" : "Al"))
        var crystal = CrystalStructure(
            lattice: Lattice(a: 3.9, b: 4.1, c: 4.0, alpha: 62, beta: 58, gamma: 61),
            sites: [Site(element, at: SIMD3(0.01, 0.02, -0.01)), Site(element, at: SIMD3(0.26, 0.24, 0.27))])
        if !isSilicon {
            crystal.lattice = Lattice(a: 4, b: 4.1, c: 4.2, alpha: 85, beta: 92, gamma: 97)
            crystal.sites[1].position = SIMD3(0.5, 0.48, 0.1)
        }
        let result = try model.evaluate(crystal)
        let toFractional = crystal.lattice.vectors.inverse
        for atom in 0..<2 {
            for axis in 0..<3 {
                var direction = SIMD3<Double>.zero
                direction[axis] = 1
                func energy(_ h: Double) throws -> Double {
                    var moved = crystal
                    moved.sites[atom].position += (direction * h) * toFractional
                    return try model.evaluate(moved).energy
                }
                let numeric = try (energy(1e-5) - energy(-1e-5)) / 2e-5
                #expect(abs(numeric + result.forces[atom][axis]) < 1e-5 * max(1, result.forces[atom].length))
            }
        }
        for (i, j) in [(0, 0), (0, 1), (2, 2)] {
            func energy(_ h: Double) throws -> Double {
                var strain = Matrix3.identity
                strain[i, j] += h / 2
                strain[j, i] += h / 2
                var moved = crystal
                moved.lattice = Lattice(vectors: crystal.lattice.vectors * strain)
                return try model.evaluate(moved).energy
            }
            let numeric =
                try (energy(1e-5) - energy(-1e-5)) / 2e-5 / crystal.lattice.volume
                * EnergyEvaluation.gigapascal
            #expect(abs(numeric - result.stress[i, j]) < 1e-4 * max(1, abs(numeric)))
        }
    }

    @Test("another element and another name are refused in one line")
    func refusals() throws {
        let model = try KIMPotential(KIMModels.aluminium)
        let oxygen = try #require(Element(symbol: "O"))
        let lattice = Lattice(a: 4, b: 4, c: 4, alpha: 90, beta: 90, gamma: 90)
        #expect(throws: EnergyError.unknownElement(symbol: "O", model: model.name)) {
            try model.evaluate(CrystalStructure(lattice: lattice, sites: [Site(oxygen, at: .zero)]))
        }
        let error = #expect(throws: KIMError.self) { _ = try KIMPotential("NoSuchModel") }
        #expect(error.map { !"\($0)".contains("\n") } ?? false)
    }
}
