import Crystallography
import Diffraction
import Energies
import Foundation
import NumericalMethods
import Parameterization
import Recovery
import Symmetry
import Testing

/// An energy that looks at one thing: which element lies in the net at z = 0. No forces.
struct NetPotential: InteratomicPotential {
    var favourite = "Sb"
    /// eV per atom.
    var gain = 0.2
    var isSilent = false
    var name: String { "net" }

    struct Silence: Error {}

    func evaluate(_ structure: CrystalStructure) throws -> EnergyEvaluation {
        guard !isSilent else { throw Silence() }
        let inNet = structure.sites.first { abs($0.position.z - $0.position.z.rounded()) < 0.05 }
        let symbol = inNet?.occupants.first?.species.element.symbol
        let count = structure.sites.count
        return EnergyEvaluation(
            energy: symbol == favourite ? -gain * Double(count) : 0,
            forces: [SIMD3<Double>](repeating: .zero, count: count), stress: .zero)
    }
}

/// NdSbTe (P4/nmm): Sb in the square net, Te between the layers, one electron apart.
@Suite struct EnergyDecisionTests {
    static func structure(net: String, between: String) throws -> ReducedStructure {
        func site(_ symbol: String, _ z: Double, _ isNet: Bool) throws -> Site {
            Site(
                try #require(Element(symbol: symbol)), at: isNet ? SIMD3(0.75, 0.25, 0) : SIMD3(0.25, 0.25, z)
            )
        }
        return try ReducedStructure(
            spaceGroup: SpaceGroup.find("129:2"),
            lattice: Lattice(a: 4.32, b: 4.32, c: 9.38, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [
                site(net, 0, true), site("Nd", 0.2745, false), site(between, 0.6306, false),
            ])
    }

    /// The right structure's pattern with the noise of 3,000 counts, and a recovery that was told the wrong places.
    static let recovered:
        Result<(result: PowderRecovery.Result, pattern: PowderPattern, weights: [Double]), any Error> =
            Result {
                let right = try structure(net: "Sb", between: "Te")
                let instrument = Instrument(radiation: try Wavelength.radiation(named: "CuKa", probe: .xray))
                let twoTheta = (0..<4000).map { 10 + Double($0) / 50 }
                var calculated = try PowderCalculation(
                    PowderModel(phases: [.init(right, overallB: 0.8)], instrument: instrument),
                    twoTheta: twoTheta
                ).calculated
                let highest = calculated.max() ?? 1
                var stream = RandomStream(seed: 3)
                for i in calculated.indices {
                    let mean = 3000 * calculated[i] / highest + 60
                    calculated[i] = max(0, (mean + mean.squareRoot() * stream.normal()).rounded())
                }
                let pattern = PowderPattern(twoTheta: twoTheta, intensity: calculated)
                let weights = PowderRecovery.weights(of: pattern, excluding: [])
                let wrong = try structure(net: "Te", between: "Sb")
                let result = try PowderRecovery(instrument: instrument).recover(
                    pattern, weights: weights, starts: [wrong])
                return (result, pattern, weights)
            }

    static func netElement(_ structure: ReducedStructure) -> String? {
        structure.orbits.first { abs($0.position.z - $0.position.z.rounded()) < 0.05 }?
            .occupants.first?.species.element.symbol
    }

    @Test("of structures that fit alike the one of lower energy is chosen, and what was not is named")
    func lowerEnergy() throws {
        let (result, pattern, weights) = try Self.recovered.get()
        #expect(Self.netElement(result.structure) == "Te")
        let outcome = try EnergyDecision(NetPotential()).decide(result, pattern: pattern, weights: weights)
        #expect(Self.netElement(outcome.result.structure) == "Sb")
        #expect(outcome.result.structure == outcome.result.refinement.model.phases[0].structure)
        #expect(abs(outcome.candidates[0].energyPerAtom + 0.2) < 1e-12)
        #expect(outcome.sentences.count == outcome.candidates.count)
        #expect(outcome.sentences.contains { $0.hasPrefix("the best fit was not chosen") })
    }

    @Test("an energy that favours what the pattern found leaves it")
    func agreement() throws {
        let (result, pattern, weights) = try Self.recovered.get()
        let outcome = try EnergyDecision(NetPotential(favourite: "Te")).decide(
            result, pattern: pattern, weights: weights)
        #expect(Self.netElement(outcome.result.structure) == "Te")
        #expect(outcome.candidates[0].name == "the best fit")
    }

    @Test("with weight nought the lowest Rwp is chosen, whatever the energies")
    func noWeight() throws {
        let (result, pattern, weights) = try Self.recovered.get()
        let outcome = try EnergyDecision(NetPotential(gain: 1e6), weight: .fixed(0)).decide(
            result, pattern: pattern, weights: weights)
        let least = outcome.candidates.map(\.rwp).min() ?? .infinity
        #expect(outcome.result.refinement.statistics.rwp == least)
    }

    @Test("candidates that fit far worse are left to the pattern")
    func tie() throws {
        let (result, pattern, weights) = try Self.recovered.get()
        var decision = EnergyDecision(NetPotential(favourite: "Nd"))
        // Nd in the net is refuted by the pattern, however low its energy.
        decision.tie = 1.2
        let outcome = try decision.decide(result, pattern: pattern, weights: weights)
        #expect(Self.netElement(outcome.result.structure) != "Nd")
        #expect(outcome.candidates.allSatisfy { $0.rwp <= 1.2 * result.refinement.statistics.rwp })
    }

    @Test("exchanges are tried from the nearest atomic numbers on, so many as are asked for")
    func order() throws {
        let (result, pattern, weights) = try Self.recovered.get()
        var decision = EnergyDecision(NetPotential())
        decision.exchanges = 1
        let outcome = try decision.decide(result, pattern: pattern, weights: weights)
        let names = outcome.candidates.map(\.name).filter { $0.contains("exchanged") }
        #expect(names.count == 1)
        #expect(names.allSatisfy { $0.contains("Sb") && $0.contains("Te") })
        decision.exchanges = 0
        let none = try decision.decide(result, pattern: pattern, weights: weights)
        #expect(!none.candidates.contains { $0.name.contains("exchanged") })
    }

    @Test("a potential without an energy for the best fit leaves the result as it is and says so")
    func silence() throws {
        let (result, pattern, weights) = try Self.recovered.get()
        let outcome = try EnergyDecision(NetPotential(isSilent: true)).decide(
            result, pattern: pattern, weights: weights)
        #expect(outcome.candidates.isEmpty)
        #expect(outcome.result.structure == result.structure)
        #expect(outcome.sentences == ["net has no energy for the best fit"])
    }

    @Test("the automatic weight is half of the best Rwp")
    func automatic() {
        #expect(EnergyDecision(NetPotential()).share(of: 0.12) == 0.06)
        #expect(EnergyDecision(NetPotential(), weight: .fixed(0.3)).share(of: 0.12) == 0.3)
    }
}
