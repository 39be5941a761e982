import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Studies
import Testing

@Suite(.enabled(if: LandscapeStructures.areThere, "needs ../shared")) struct RecoveryArmTests {
    static func sample(_ reference: RecoveryReference, _ level: NoiseLevel, _ index: Int) -> RecoverySample {
        RecoverySample(structure: reference.name, noise: level, index: index, seed: 1)
    }

    @Test(arguments: [SimilarityMeasure.cosine, .meanSquaredError, .spectralEntropy], [0, 1])
    func gradientsOfTheLossAgreeWithDifferences(_ measure: SimilarityMeasure, _ index: Int) throws {
        let reference = try #require(try LandscapeStructures.named("NaS"))
        let start = Self.sample(reference, NoiseLevel(.both, 0.05), index).start(of: reference)
        let objective = try PatternObjective(
            PatternObjective.withoutSymmetry(start), target: reference.target, measure: measure, noise: .both)
        let p = objective.calculation.values
        let point = try #require(objective.evaluate(p))
        let norm = point.gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for k in p.indices {
            func loss(_ steps: Double) throws -> Double {
                var moved = p
                moved[k] += steps * 1e-4 * objective.scales[k]
                return try #require(objective.evaluate(moved)).loss
            }
            let difference = try (8 * (loss(1) - loss(-1)) - (loss(2) - loss(-2))) / (12 * 1e-4)
            #expect(abs(difference - point.gradient[k]) < 1e-5 * norm, "\(objective.names[k])")
        }
    }

    @Test func theFamilyHoldsAfterEveryStep() throws {
        let reference = try #require(try LandscapeStructures.named("NdAl2Cu4"))
        let sample = Self.sample(reference, NoiseLevel(.lattice, 0.05), 0)
        var arm = DescentArm(.descentFamily)
        arm.iterations = 5
        // The best point may be the start itself, which has no symmetry: it is projected in the null arm only.
        let start = ProjectOnceArm().run(sample.start(of: reference), sample, reference: reference).structure
        let end = try arm.run(start, sample, reference: reference).structure.lattice
        #expect(abs(end.lengths.x - end.lengths.y) < 1e-9)
        #expect((end.angles - SIMD3(90, 90, 90)).max() < 1e-9)
    }

    /// Tetragonal, cubic, hexagonal and monoclinic. What is reported is the best of the points at which the family
    /// holds, though softer ones may have fitted better.
    @Test(arguments: ["NdAl2Cu4", "HfZn", "NaS", "Na2BiO3"])
    func theSoftFamilyHardens(_ name: String) throws {
        let reference = try #require(try LandscapeStructures.named(name))
        let sample = Self.sample(reference, NoiseLevel(.lattice, 0.05), 1)
        let projection = FamilyProjection(reference.reduced.spaceGroup.crystalFamily)
        func holds(_ structure: CrystalStructure) -> Bool {
            let projected = projection(structure.lattice)
            return (projected.lengths - structure.lattice.lengths).max() < 1e-9
                && (projected.angles - structure.lattice.angles).max() < 1e-9
                && (projected.angles - structure.lattice.angles).min() > -1e-9
        }
        var arm = DescentArm(.softFamily)
        arm.iterations = 20
        arm.recordsTrajectory = true
        let outcome = try arm.run(sample.start(of: reference), sample, reference: reference)
        #expect(holds(outcome.structure))
        #expect(!holds(outcome.trajectory[0]) && !holds(outcome.trajectory[10]))
        let hard = outcome.trajectory.suffix(4)
        #expect(hard.allSatisfy(holds))
        let cosines = try hard.map { try RecoveryMeasures($0, reference: reference).cosine }
        let reported = try RecoveryMeasures(outcome.structure, reference: reference).cosine
        #expect(abs(reported - (cosines.max() ?? 0)) < 1e-9)
        #expect(abs((outcome.path.last ?? 0) + reported) < 1e-9)
    }

    /// PAPERS.md: do nothing, and project once, 50 distortions of each of the eight structures.
    @Test(arguments: [
        (0.05, 0.95, 0.995), (0.1, 0.29, 0.905), (0.2, 0.04, 0.67),
    ])
    func nullArmsMatchAsOftenAsPublished(_ sigma: Double, _ nothing: Double, _ projected: Double) throws {
        var (trials, asIs, once) = (0, 0, 0)
        for reference in try LandscapeStructures.all() {
            for index in 0..<15 {
                let sample = Self.sample(reference, NoiseLevel(.lattice, sigma), index)
                let start = sample.start(of: reference)
                let project = ProjectOnceArm().run(start, sample, reference: reference).structure
                if RecoveryMeasures.matches(start, reference: reference) { asIs += 1 }
                if RecoveryMeasures.matches(project, reference: reference) { once += 1 }
                trials += 1
            }
        }
        for (count, share) in [(asIs, nothing), (once, projected)] {
            let spread = (share * (1 - share) * (1 / Double(trials) + 1 / 400)).squareRoot()
            #expect(abs(Double(count) / Double(trials) - share) <= 4 * spread + 0.01)
        }
    }

    @Test(arguments: ["Au2S", "HfZn", "LiMnIr2", "NaS", "NdAl2Cu4", "U2Ti"])
    func ourWayRecoversExactly(_ name: String) throws {
        let reference = try #require(try LandscapeStructures.named(name))
        for (index, level) in [
            NoiseLevel(.lattice, 0.1), NoiseLevel(.coordinates, 0.1), NoiseLevel(.both, 0.1),
        ].enumerated() {
            let sample = Self.sample(reference, level, index)
            let end = try WyckoffArm().run(sample.start(of: reference), sample, reference: reference)
            let measures = try RecoveryMeasures(end.structure, reference: reference)
            #expect(measures.exact, "\(name) \(level): \(measures)")
        }
    }

    @Test(arguments: ["Au2S", "LiMnIr2", "NaS", "NdAl2Cu4"], [PriorKnowledge.spaceGroup, .family])
    func unknownPositionsAndGroupsAreFound(_ name: String, _ prior: PriorKnowledge) throws {
        let reference = try #require(try LandscapeStructures.named(name))
        let sample = Self.sample(reference, NoiseLevel(.both, 0.1), 3)
        let end = try WyckoffArm(prior: prior).run(sample.start(of: reference), sample, reference: reference)
        #expect(try RecoveryMeasures(end.structure, reference: reference).exact, "\(end.note)")
    }

    @Test func theReferenceItselfIsExactAndAStrainedOneIsNot() throws {
        let reference = try #require(try LandscapeStructures.named("NdAl2Cu4"))
        #expect(try RecoveryMeasures(reference.structure, reference: reference).exact)
        var strained = reference.structure
        strained.lattice = Lattice(vectors: 1.002 * strained.lattice.vectors)
        let measures = try RecoveryMeasures(strained, reference: reference)
        #expect(measures.matched && !measures.exact)
        #expect(abs(measures.cellError - 0.002) < 1e-6)
    }
}
