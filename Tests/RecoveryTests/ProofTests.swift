import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Recovery
import Refinement
import Symmetry
import Testing

/// Every clause of a proof holds for a right structure and fails for the wrong one that it is there for.
@Suite("Proof")
struct ProofTests {
    static func rutile(x: Double = 0.305) throws -> ReducedStructure {
        ReducedStructure(
            spaceGroup: try SpaceGroup.find("136"),
            lattice: Lattice(a: 4.594, b: 4.594, c: 2.959, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [
                Site(try #require(Element(symbol: "Ti")), at: .zero),
                Site(try #require(Element(symbol: "O")), at: SIMD3(x, x, 0)),
            ], tolerance: 1e-5)
    }

    private let limits = Proof.Limits()

    @Test("symmetry: a group that the atoms exceed is not found again; nor is one whose atoms coincide")
    func symmetry() throws {
        let rutile = try Self.rutile()
        #expect(Proof.symmetry(rutile, limits: limits).outcome == .holds)
        let subgroup = try #require(
            rutile.spaceGroup.translationengleicheSubgroups.first { $0.index == 2 })
        let lower = Proof.symmetry(try rutile.inSubgroup(subgroup), limits: limits)
        #expect(lower.outcome == .fails)
        #expect(lower.sentence.contains("NOT found again"))
        #expect(Proof.symmetry(try Self.rutile(x: 1e-7), limits: limits).outcome == .fails)
    }

    @Test("contacts: oxygen at 1.2 Å of titanium fails and is named")
    func contacts() throws {
        #expect(Proof.contacts(try Self.rutile(), limits: limits).outcome == .holds)
        let close = Proof.contacts(try Self.rutile(x: 0.18), limits: limits)
        #expect(close.outcome == .fails)
        #expect(close.sentence.contains("Ti1") && close.sentence.contains("O1"), "\(close.sentence)")
    }

    @Test("bonds: rutile's valences are 4 and 2; with oxygen 0.3 Å off they are not; an alloy says nothing")
    func bonds() throws {
        #expect(Proof.bonds(try Self.rutile().expanded(), limits: limits).outcome == .holds)
        #expect(Proof.bonds(try Self.rutile(x: 0.25).expanded(), limits: limits).outcome == .fails)
        let alloy = ReducedStructure(
            spaceGroup: try SpaceGroup.find("221"),
            lattice: Lattice(a: 2.95, b: 2.95, c: 2.95, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [
                Site(try #require(Element(symbol: "Cu")), at: .zero),
                Site(try #require(Element(symbol: "Zn")), at: SIMD3(0.5, 0.5, 0.5)),
            ], tolerance: 1e-5)
        #expect(Proof.bonds(alloy.expanded(), limits: limits).outcome == .unknown)
    }

    @Test("determination: more free coordinates than lines fail; lines within half a width are one")
    func determination() throws {
        let rutile = try Self.rutile()
        func outcome(_ positions: [Double]) -> VerdictClause.Outcome {
            Proof.determination(rutile, positions: positions, width: 0.2, limits: limits).outcome
        }
        #expect(outcome([20, 30, 40]) == .holds)
        #expect(outcome([20, 20.05]) == .fails)
        #expect(outcome([]) == .fails)
    }

    @Test(
        "search: what one descent of many met is not proven while it leaves something; met twice, or leaving nothing, it is"
    )
    func search() {
        func outcome(_ beginnings: Int, left: Double?, coordinates: Int = 12) -> VerdictClause.Outcome? {
            let misfit = left.map {
                // Δχ² of this share of the signal, far above the noise.
                StructuralMisfit(
                    structure: 2000 + $0 * $0 * 1e8, parameters: 10, free: 2000, freeParameters: 60,
                    points: 2000,
                    signal: 1e8)
            }
            return Proof.search(
                SearchConfirmation(beginnings: beginnings, starts: 200, coordinates: coordinates), misfit,
                limits: limits)?.outcome
        }
        #expect(outcome(1, left: 0.16) == .unknown)
        #expect(outcome(2, left: 0.16) == .holds)
        #expect(outcome(1, left: 0.05) == .holds)
        #expect(outcome(1, left: nil) == .holds)
        #expect(outcome(1, left: 0.16, coordinates: 0) == nil)
        #expect(Proof.search(nil, nil, limits: limits) == nil)
    }

    @Test("information: fewer lines than free coordinates leave the verdict open, none of them needs none")
    func information() throws {
        let rutile = try Self.rutile()
        #expect(Proof.information(rutile, found: 0).outcome == .unknown)
        #expect(Proof.information(rutile, found: 1).outcome == .holds)
    }

    @Test("alternatives: a rival that the evidence does not beat leaves the verdict open")
    func alternatives() throws {
        let rival = Proof.Rival(structure: try Self.rutile(), rwp: 0.1, evidence: 4)
        #expect(Proof.uniqueness([]).outcome == .holds)
        #expect(Proof.uniqueness([rival]).outcome == .unknown)
        #expect(!Proof([Proof.uniqueness([rival])]).isProven)
        var far = rival
        far.evidence = 40
        #expect(Proof.uniqueness([far]).outcome == .holds)
        #expect(Proof.uniqueness([far, rival]).outcome == .unknown)
    }

    @Test("reference: another structure fails; none leaves the verdict as it is")
    func reference() throws {
        let rutile = try Self.rutile()
        let same = try ReferenceComparison(rutile, reference: rutile.expanded())
        let other = try ReferenceComparison(rutile, reference: try Self.rutile(x: 0.12).expanded())
        #expect(Proof.reference(same).outcome == .holds)
        #expect(Proof.reference(other).outcome == .fails)
        #expect(Proof.reference(nil).outcome == .unknown)
        #expect(Proof([Proof.reference(nil)]).isProven)
    }

    @Test("lines: a fifth of the pattern's intensity at no reflection is another phase or another cell")
    func lines() throws {
        let rutile = try Self.rutile()
        let (pattern, instrument) = try PowderGroupRecoveryTests.counts(rutile, seed: 1)
        let calculation = try PowderCalculation(
            PowderModel(phases: [.init(rutile)], instrument: instrument), twoTheta: pattern.twoTheta)
        func clause(_ reflections: [PowderReflection]) -> VerdictClause {
            Proof.lines(
                [UnexplainedLines(pattern, radiation: instrument.radiation, reflections: reflections)],
                limits: limits)
        }
        #expect(clause(calculation.reflections).outcome == .holds)
        let strongest = calculation.reflections.max { $0.intensity < $1.intensity }
        let without = clause(calculation.reflections.filter { $0.index != strongest?.index })
        #expect(without.outcome == .fails)
        #expect(without.sentence.contains("stands at no reflection"))
    }

    @Test(
        "cell: lines of rutile need its cell; iron's do not need the primitive cubic one, whose body centre no line denies"
    )
    func cell() throws {
        func clause(_ structure: ReducedStructure) throws -> VerdictClause {
            let (pattern, instrument) = try PowderGroupRecoveryTests.counts(structure, seed: 1)
            let reflections = try PowderCalculation(
                PowderModel(phases: [.init(structure)], instrument: instrument), twoTheta: pattern.twoTheta
            ).reflections
            let lines = UnexplainedLines(pattern, radiation: instrument.radiation, reflections: reflections)
            return Proof.translations(
                structure.spaceGroup,
                [
                    UnseenTranslation.Evidence(
                        peaks: lines.found, reflections: reflections, reach: limits.resolved * lines.width,
                        share: limits.calculatedShare)
                ])
        }
        #expect(try clause(try Self.rutile()).outcome == .holds)
        let iron = try #require(Element(symbol: "Fe"))
        let primitive = ReducedStructure(
            spaceGroup: try SpaceGroup.find("221"),
            lattice: Lattice(a: 2.866, b: 2.866, c: 2.866, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [Site(iron, at: .zero), Site(iron, at: SIMD3(0.5, 0.5, 0.5))], tolerance: 1e-5)
        let unseen = try clause(primitive)
        #expect(unseen.outcome == .unknown)
        #expect(unseen.sentence.contains("(0.5, 0.5, 0.5)"), "\(unseen.sentence)")
    }

    @Test("weights: intensities that are no counts leave Rexp unknown, not the structure")
    func weights() throws {
        let scaled = PowderPattern(
            twoTheta: (0..<200).map { Double($0) / 10 }, intensity: (0..<200).map { _ in 0.25 })
        let clause = Proof.weights(
            [(scaled.weighting, Self.statistics(sigma: 100, scatter: 8))], limits: ProofLimits())
        #expect(clause.outcome == .unknown)
        #expect(Proof([clause]).isProven)
    }

    @Test("weights: uncertainties about which nothing scatters are none, in one pattern of several too")
    func uncertaintiesThatAreNone() {
        var stated = PowderPattern(
            twoTheta: (0..<200).map { Double($0) / 10 }, intensity: (0..<200).map { _ in 100 })
        stated.sigma = [Double](repeating: 100, count: 200)
        func clause(_ sigmas: [Double]) -> VerdictClause {
            Proof.weights(
                sigmas.map { (stated.weighting, Self.statistics(sigma: $0, scatter: 8)) },
                limits: ProofLimits())
        }
        #expect(clause([8]).outcome == .holds)
        #expect(clause([8, 8]).outcome == .holds)
        for sigmas in [[100.0], [1000], [8, 100]] {
            #expect(clause(sigmas).outcome == .fails)
            #expect(!Proof([clause(sigmas)]).isProven)
        }
    }

    /// Of 200 points that scatter about 100.
    private static func statistics(sigma: Double, scatter: Double) -> RefinementStatistics {
        RefinementStatistics(
            observed: (0..<200).map { 100 + ($0 % 2 == 0 ? scatter : -scatter) },
            calculated: [Double](repeating: 100, count: 200), background: [Double](repeating: 0, count: 200),
            weights: [Double](repeating: 1 / (sigma * sigma), count: 200), parameters: 4)
    }

    @Test("a proof with one failing clause is none, and says which")
    func verdict() {
        let good = VerdictClause("fit", .holds, "a")
        let bad = VerdictClause("contacts", .fails, "b")
        #expect(Proof([good]).isProven)
        #expect(!Proof([good, bad]).isProven)
        #expect(Proof([good, bad]).objections == [bad])
        #expect(!Proof([VerdictClause("fit", .unknown, "c")]).isProven)
    }

    // MARK: Whole recoveries

    @Test("a sound fit to weak counts is proven: GoF and free intensities count, not raw Rwp")
    func weakCounts() throws {
        let rutile = try Self.rutile()
        var (pattern, instrument) = try PowderGroupRecoveryTests.counts(rutile, seed: 3)
        var random = RandomStream(seed: 7)
        pattern.intensity = pattern.intensity.map { y in
            let mean = y / 60 + 1
            return max(0, (mean + mean.squareRoot() * random.normal()).rounded())
        }
        let result = try PowderGroupRecoveryTests.recovery(instrument, seed: 1).recover(
            pattern, weights: PowderRecovery.weights(of: pattern), starts: [rutile])
        #expect(result.statistics.rwp > 0.15)
        let misfit = try StructuralMisfit.measured(
            result.refinement, pattern: pattern, weights: PowderRecovery.weights(of: pattern))
        #expect(FitVerdict.fit(result.statistics, misfit, .init()).outcome == .holds)
    }
}
