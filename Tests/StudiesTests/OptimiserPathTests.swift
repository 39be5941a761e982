import Crystallography
import NumericalMethods
import Studies
import Testing

@Suite struct OptimiserPathTests {
    /// Walks straight to the truth in four steps, or jumps there.
    private struct StraightArm: RecoveryArm {
        let name = "straight"
        let prior = PriorKnowledge.none
        let objective = ""
        var walks = true

        func run(
            _ start: CrystalStructure, _ sample: RecoverySample, reference: RecoveryReference
        ) -> ArmOutcome {
            let way = (1...4).map { step in
                var place = start
                let share = Double(step) / 4
                let change = share * (reference.structure.lattice.vectors + (-1) * start.lattice.vectors)
                place.lattice = Lattice(vectors: start.lattice.vectors + change)
                for index in place.sites.indices {
                    let difference = reference.structure.sites[index].position - start.sites[index].position
                    place.sites[index].position += share * difference.nearestImage
                }
                return place
            }
            return ArmOutcome(structure: reference.structure, trajectory: walks ? way : [])
        }
    }

    private func reference() throws -> RecoveryReference {
        let (ti, o) = (try #require(Element(symbol: "Ti")), try #require(Element(symbol: "O")))
        let x = 0.305
        let oxygen = [
            SIMD3(x, x, 0), SIMD3(-x, -x, 0), SIMD3(0.5 - x, 0.5 + x, 0.5), SIMD3(0.5 + x, 0.5 - x, 0.5),
        ]
        return try RecoveryReference.prepared(
            name: "rutile",
            structure: CrystalStructure(
                title: "rutile", lattice: Lattice(a: 4.59, b: 4.59, c: 2.96, alpha: 90, beta: 90, gamma: 90),
                sites: [Site(ti, at: .zero), Site(ti, at: SIMD3(repeating: 0.5))]
                    + oxygen.map { Site(o, at: $0) }))
    }

    @Test func aWalkIsSeenFromItsStartToItsEnd() throws {
        let reference = try reference()
        let sample = RecoverySample(structure: "rutile", noise: NoiseLevel(.both, 0.02), index: 0, seed: 1)
        let start = sample.start(of: reference)
        let path = try OptimiserPath(
            of: StraightArm(), from: start, sample: sample, reference: reference, along: ("a", "c"))
        #expect(path.points.count == 5 && !path.isJump && path.name == "straight")
        #expect(abs(path.points[0].x - start.lattice.lengths.x) < 1e-9)
        let truth = reference.structure.lattice.lengths
        #expect((path.points[4] - SIMD2(truth.x, truth.z)).length < 1e-9 && path.measures.matched)
    }

    @Test func aJumpHasTwoPoints() throws {
        let reference = try reference()
        let sample = RecoverySample(structure: "rutile", noise: NoiseLevel(.both, 0.02), index: 0, seed: 1)
        let name = try #require(reference.reduced.parameters.map(\.name).last)
        let path = try OptimiserPath(
            of: StraightArm(walks: false), from: sample.start(of: reference), sample: sample,
            reference: reference, along: ("c", name))
        #expect(path.isJump && path.points.count == 2)
        let value = try #require(reference.reduced.parameters.last?.value)
        #expect(abs(path.points[1].y - value) < 1e-6)
    }

    @Test func anUnknownAxisIsSaid() throws {
        let reference = try reference()
        let sample = RecoverySample(structure: "rutile", noise: NoiseLevel(.both, 0.02), index: 0, seed: 1)
        #expect(throws: StudyError.self) {
            try OptimiserPath(
                of: NothingArm(), from: reference.structure, sample: sample, reference: reference,
                along: ("a", "Q.x"))
        }
    }
}

extension SIMD2 where Scalar == Double {
    fileprivate var length: Double { (x * x + y * y).squareRoot() }
}
