import Crystallography
import Design
import Energies
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// ½ k (V/N − v)² + e for each atom.
struct VolumeSpring: InteratomicPotential {
    var name: String { "spring" }
    /// Å³ for each atom.
    var volume: Double
    /// eV/atom at `volume`.
    var energy: Double
    /// eV/Å⁶.
    var stiffness = 0.1
    /// Thrown where a crystal is larger than this, Å³ for each atom.
    var end = Double.infinity
    var failure: any Error & Sendable = EnergyError.noAtoms

    func evaluate(_ structure: CrystalStructure) throws -> EnergyEvaluation {
        let count = Double(structure.sites.count)
        let own = structure.lattice.volume / count
        guard own < end else { throw failure }
        let miss = own - volume
        // dE/dV is the pressure with its sign turned: an isotropic stress.
        let stress = stiffness * miss * EnergyEvaluation.gigapascal
        return EnergyEvaluation(
            energy: count * (energy + 0.5 * stiffness * miss * miss),
            forces: [SIMD3<Double>](repeating: .zero, count: structure.sites.count),
            stress: Matrix3(diagonal: SIMD3(repeating: stress)))
    }
}

private struct ClientDied: Error {}

@Suite struct StabilityJudgeTests {
    private let salt: ReducedStructure

    init() throws {
        salt = ReducedStructure(
            title: "NaCl", spaceGroup: try SpaceGroup.find("Fm-3m"),
            lattice: Lattice(a: 5.64, b: 5.64, c: 5.64, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [
                Site(try #require(Element(symbol: "Na")), at: .zero),
                Site(try #require(Element(symbol: "Cl")), at: SIMD3(0.5, 0.5, 0.5)),
            ])
    }

    /// The formation energy is the energy less that of the elements, and falls by what relaxation gains.
    @Test func theVerdictIsThatOfTheSpring() throws {
        let own = pow3(5.64) / 8
        let spring = VolumeSpring(volume: own + 2, energy: -4)
        let verdict = try #require(try StabilityJudge(spring).verdict(salt))
        let relaxed = try #require(verdict.relaxation)
        #expect(abs(verdict.formationEnergy - relaxed.formationEnergy - 0.5 * 0.1 * 4) < 1e-6)
        #expect(relaxed.largestForce == 0 && relaxed.largestShift < 1e-9)
        let asProposed = try #require(try StabilityJudge(spring).verdict(salt, relaxing: false))
        #expect(abs(asProposed.formationEnergy - verdict.formationEnergy) < 1e-9)
        #expect(asProposed.relaxation == nil)
        #expect(asProposed.isStable == nil)
        // Elements are compared by the same numbers: an eV more is an eV more.
        let higher = try #require(
            try StabilityJudge(VolumeSpring(volume: own + 2, energy: -3)).verdict(salt, relaxing: false))
        #expect(abs(higher.formationEnergy - asProposed.formationEnergy - 1) < 1e-9)
    }

    @Test func aClientThatDiedIsAnErrorAndNoOpinion() {
        let dead = StabilityJudge(VolumeSpring(volume: 20, energy: -4, end: 0, failure: ClientDied()))
        #expect(throws: ClientDied.self) { try dead.verdict(salt) }
        // On the way, too.
        let own = pow3(5.64) / 8
        let dying = StabilityJudge(
            VolumeSpring(volume: own + 5, energy: -4, end: own + 1, failure: ClientDied()))
        #expect(throws: ClientDied.self) { try dying.verdict(salt) }
    }

    @Test func atomsWithoutAnEnergyAreNotJudged() throws {
        let overlap = EnergyError.overlap(atoms: 0, 1, distance: 0.01)
        let refusing = StabilityJudge(VolumeSpring(volume: 20, energy: -4, end: 0, failure: overlap))
        let verdict = try refusing.verdict(salt)
        #expect(verdict == nil)
    }

    /// Of ½ k (V/N − v)² an atom it is k v at the least energy, exactly: the pressure is linear in the volume.
    @Test func theBulkModulusIsThatOfTheSpring() throws {
        let judge = StabilityJudge(VolumeSpring(volume: 22.5, energy: -4))
        let relaxed = try #require(try judge.verdict(salt)?.relaxation).structure
        let modulus = try #require(try judge.bulkModulus(relaxed))
        #expect(abs(modulus - 0.1 * 22.5 * EnergyEvaluation.gigapascal) < 4, "\(modulus)")
    }

    /// The same by stresses under strains; a spring of the volume alone resists no shear.
    @Test func theElasticConstantsAreThoseOfTheSpring() throws {
        let judge = StabilityJudge(VolumeSpring(volume: 22.5, energy: -4))
        let relaxed = try #require(try judge.verdict(salt)?.relaxation).structure
        let constants = try #require(try judge.elasticConstants(relaxed))
        #expect(abs(constants.voigt.bulk - 0.1 * 22.5 * EnergyEvaluation.gigapascal) < 4)
        #expect(abs(constants.voigt.shear) < 0.1 && !constants.isStable)
        let refusing = StabilityJudge(
            VolumeSpring(
                volume: 22.5, energy: -4, end: 0, failure: EnergyError.overlap(atoms: 0, 1, distance: 0.01)))
        #expect(try refusing.elasticConstants(salt) == nil)
    }

    /// A spring of the volume alone lowers nothing by leaving the symmetry.
    @Test func whatHasNoSoftModeLeadsNowhere() throws {
        let judge = StabilityJudge(VolumeSpring(volume: 22.5, energy: -4))
        let relaxed = try #require(try judge.verdict(salt)?.relaxation).structure
        guard case .absent? = try judge.softMode(relaxed) else {
            Issue.record("a spring of the volume has no soft mode")
            return
        }
    }

    @Test func elementsWithoutAnEnergyAreNamed() throws {
        let judge = StabilityJudge(VolumeSpring(volume: 22.5, energy: -4))
        var structure = salt.expanded()
        #expect(judge.lacking(structure).isEmpty)
        let francium = try #require(Element(symbol: "Fr"))
        structure.sites[0].occupants = [Occupant(Species(francium))]
        #expect(judge.lacking(structure) == [francium])
    }

    private func pow3(_ x: Double) -> Double { x * x * x }
}

/// Cubic barium titanate is a saddle by CHGNet as by everything else.
@Suite(.enabled(if: StabilityJudge.isInstalled, "the models are not installed: wyckoff models fetch"))
struct LowerMinimumTests {
    @Test func theSoftModeOfAPerovskiteIsFollowed() throws {
        let template = try DesignTemplate(named: "perovskite")
        let space = DesignSpace(template)
        let elements = try ["Ba", "Ti", "O"].map { try #require(Element(symbol: $0)) }
        let judge = try StabilityJudge.loaded()
        let relaxed = try #require(
            try judge.verdict(space.structure(at: space.start, elements: elements))?.relaxation)
        #expect(abs(relaxed.structure.lattice.lengths.x - 4.0) < 0.1)
        guard case .leads(let lower)? = try judge.softMode(relaxed.structure) else {
            Issue.record("no mode is followed")
            return
        }
        #expect(lower.energyChange < 0 && lower.structure.spaceGroup.number != 221)
        #expect(abs(lower.energy - relaxed.energy - lower.energyChange) < 1e-4)
    }
}
