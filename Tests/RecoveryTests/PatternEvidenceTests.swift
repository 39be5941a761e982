import Crystallography
import Diffraction
import NumericalMethods
import Parameterization
import Recovery
import Refinement
import Symmetry
import Testing

/// Measured and exact patterns answer the same questions of the stages.
@Suite("Evidence and the first stages") struct PatternEvidenceTests {
    private static func measured(_ structure: ReducedStructure) throws -> MeasuredPattern {
        let (pattern, instrument) = try PowderGroupRecoveryTests.counts(structure, seed: 3)
        return try MeasuredPattern(
            pattern, weights: PowderRecovery.weights(of: pattern), instrument: instrument,
            scatteringTable: .pymatgen, dispersion: false, settings: RecoverySettings(), atLeast: 3)
    }

    private static func exact(_ structure: ReducedStructure) throws -> ExactPattern {
        let twoTheta = (0..<4500).map { Double($0) / 50 }
        let pattern = try PowderCalculation(
            PowderModel(
                phases: [.init(structure)], instrument: .landscapePaper, scatteringTable: .pymatgen,
                dispersion: false), twoTheta: twoTheta
        ).calculated
        return try ExactPattern(
            twoTheta: twoTheta, intensity: pattern, instrument: .landscapePaper, scatteringTable: .pymatgen,
            dispersion: false, settings: ExactSettings())
    }

    /// A little off its place, as a start is.
    private static func start(_ structure: ReducedStructure) -> Lattice {
        Distortion(lattice: 0.03).applied(to: structure.expanded(), seed: 2).lattice
    }

    private static func agrees(_ a: LatticeParameters, _ b: LatticeParameters) -> Bool {
        zip(a.values, b.values).allSatisfy { abs($0 / $1 - 1) < 2e-3 }
    }

    /// R that the lines of a group leave, and R without the strongest of them.
    private static func leftOver(
        _ evidence: some PatternEvidence, _ structure: ReducedStructure, _ profile: CellProfile
    )
        -> (all: Double, without: Double)
    {
        let metric = structure.lattice.reciprocalMetric
        let q = ReflectionList(
            operations: structure.spaceGroup.operations, reciprocalMetric: metric,
            limit: evidence.reciprocalLimit
        ).indices.map { 4 * ReflectionList.q(of: $0, reciprocalMetric: metric) }
        let strongest = evidence.lines.peaks.max { $0.height < $1.height }?.q ?? 0
        return (
            evidence.freeIntensityR(q: q, profile: profile),
            evidence.freeIntensityR(q: q.filter { abs($0 / strongest - 1) > 5e-3 }, profile: profile)
        )
    }

    @Test(
        "free intensities of a crystal's own lines explain its pattern, without the strongest line they do not"
    )
    func freeIntensities() throws {
        let rutile = try RefinementStrategyTests.rutile()
        let exact = try Self.exact(rutile)
        let own = Self.leftOver(exact, rutile, exact.profile)
        #expect(own.all < 1e-3 && own.without > 0.3)
        let measured = try Self.measured(rutile)
        let cell = try CellStage(evidence: measured, settings: RecoverySettings().cell)
            .cell(around: rutile.lattice, in: rutile.spaceGroup) { _ in }
        let noisy = Self.leftOver(measured, rutile, cell.fit.profile)
        // What counting noise leaves, and what the strongest line is worth beside it.
        #expect(noisy.without > noisy.all + 0.1)
        #expect(abs(noisy.all - cell.rwp) < 0.02)
    }

    @Test(
        "a start's cell leads to the crystal's, and the crystal's group is among those that its absences leave"
    )
    func cells() throws {
        let settings = RecoverySettings()
        for structure in try Crystals.all().prefix(4) {
            let group = structure.spaceGroup
            let start = Self.start(structure)
            let measured = CellStage(evidence: try Self.measured(structure), settings: settings.cell)
            let one = try measured.cell(around: start, in: group) { _ in }
            #expect(Self.agrees(one.lattice, structure.latticeParameters), "\(group.symbol)")
            let exactSettings = ExactSettings()
            let exact = CellStage(evidence: try Self.exact(structure), settings: exactSettings.cell)
            let several = try exact.cells(around: start, in: group, spread: 0.1, kept: exactSettings.cells)
            let best = try #require(several.first)
            #expect(Self.agrees(best.lattice, structure.latticeParameters), "\(group.symbol)")
            #expect(best.rwp < exactSettings.cells.slack)
            let rivals = group.crystalFamily.spaceGroups.filter { $0.centring == group.centring }
            let left = measured.allowed(.init(cell: one, groups: rivals), settings.absences)
            #expect(left.contains { $0.group.number == group.number }, "\(group.symbol)")
            let sharp = exact.allowed(.init(cell: best, groups: rivals), exactSettings.absences)
            #expect(sharp.contains { $0.group.number == group.number }, "\(group.symbol)")
        }
    }

    @Test("centrings whose cells explain the pattern much worse are left out")
    func centrings() throws {
        let sulphate = try Crystals.all()[3]
        let evidence = try Self.measured(sulphate)
        let settings = RecoverySettings()
        let stage = CellStage(evidence: evidence, settings: settings.cell)
        let groups = [try SpaceGroup.find("F m m m"), try SpaceGroup.find("P m m m")]
        let cells = try stage.centred(groups, settings.absences) { widest in
            [try stage.cell(around: sulphate.lattice, in: widest) { _ in }]
        }
        #expect(CentringClass.classes(of: groups).count == 2)
        #expect(cells.map { $0.groups[0].centring.rawValue } == ["P"])
    }

    @Test("reflections among points without weight are not seen, and hinder nothing") func excludedRange()
        throws
    {
        let rutile = try RefinementStrategyTests.rutile()
        func seen(excluding excluded: [ClosedRange<Double>]) throws -> Int {
            let (pattern, instrument) = try PowderGroupRecoveryTests.counts(rutile, seed: 3)
            let evidence = try MeasuredPattern(
                pattern, weights: PowderRecovery.weights(of: pattern, excluding: excluded),
                instrument: instrument, scatteringTable: .pymatgen, dispersion: false,
                settings: RecoverySettings(), atLeast: 0)
            let list = evidence.reflections(of: rutile.spaceGroup, rutile.lattice)
            return try evidence.intensities(
                of: list, rutile.lattice, profile: CellProfile(w: 0.01)
            ).profile.count
        }
        // Wider than a line reaches: some stand wholly in it.
        let (all, some) = (try seen(excluding: []), try seen(excluding: [40...75]))
        #expect(some < all && some > 3)
        #expect(throws: RecoveryError.self) { try seen(excluding: [0...180]) }
    }

    @Test("at the true coordinates intensities leave what no intensities explain; atoms are found from them")
    func atoms() throws {
        let rutile = try RefinementStrategyTests.rutile()
        let exact = try Self.exact(rutile)
        let intensities = try exact.intensities(of: rutile.spaceGroup, rutile.lattice)
        #expect(intensities.profile.unexplained < 1e-5)
        let low = try exact.lowAngles(of: rutile.spaceGroup, rutile.lattice)
        #expect(low.profile.count <= intensities.profile.count)
        var off = rutile
        off.parameterVector = off.latticeParameters.values + [0.27]
        let minima = try AtomStage(evidence: exact, settings: RecoverySettings().atoms, seed: 1)
            .minima(of: off, intensities)
        let best = try #require(minima.first)
        #expect(best.rwp < 2e-3)
        let x = best.structure.orbits[1].position.x
        #expect(min(abs(x - 0.306), abs(x - 0.694)) < 1e-3)
    }

    @Test("of many ways those with the least score are kept; few are all kept, and nothing is asked of them")
    func sifting() throws {
        var settings = RecoverySettings.Occupation()
        (settings.searched, settings.screeningStarts) = (2, 7)
        let stage = OccupationStage(settings: settings, seed: 1)
        let ways = try [0.1, 0.2, 0.3, 0.4].map { try RefinementStrategyTests.rutile(x: $0) }
        let kept = try stage.sifted(ways, progress: { _ in }) { way, starts in
            #expect(starts == 7)
            let x = way.orbits[1].position.x
            return x > 0.35 ? nil : abs(x - 0.3)
        }
        #expect(kept == [ways[2], ways[1]])
        let few = try stage.sifted(Array(ways.prefix(2)), progress: { _ in }) { _, _ in
            Issue.record("few ways are all kept")
            return nil
        }
        #expect(few == Array(ways.prefix(2)))
    }

    @Test("ways to fill positions are shared out among the groups, a few for each at least")
    func ways() throws {
        let rutile = try RefinementStrategyTests.rutile()
        var settings = RecoverySettings.Occupation()
        (settings.ways, settings.waysOfGroup, settings.groupsKept) = (6, 2, 2)
        let groups = try ["P 42/m n m", "P 42/n c m", "P 4/m m m"].map { try SpaceGroup.find($0) }
        let ways = try OccupationStage(settings: settings, seed: 1)
            .ways(
                Distortion(coordinates: 0.02).applied(to: rutile.expanded(), seed: 1), in: groups,
                lattice: rutile.lattice
            )
        #expect(Set(ways.map(\.spaceGroup)).isSubset(of: Set(groups.prefix(2))))
        #expect(ways.count { $0.spaceGroup == groups[0] } <= 3)
        #expect(ways.allSatisfy { $0.expanded().composition == rutile.expanded().composition })
    }

    @Test(
        "other bases of a lattice have its lines and keep the group's setting; the lattice itself is none of them"
    )
    func bases() throws {
        let group = try SpaceGroup.find("C 1 2/m 1")
        let lattice = Lattice(a: 5.9, b: 3.4, c: 6.1, alpha: 90, beta: 107, gamma: 90)
        let own = LatticeParameters(of: lattice, in: group)
        let bases = EquivalentBases(
            of: own, in: group, near: lattice, spread: 0.3, settings: ExactSettings().cells)
        #expect(!bases.lattices.isEmpty)
        func lines(_ lattice: Lattice) -> [Double] {
            let metric = lattice.reciprocalMetric
            return ReflectionList(operations: group.operations, reciprocalMetric: metric, limit: 0.05).indices
                .map { ReflectionList.q(of: $0, reciprocalMetric: metric) }.sorted()
        }
        for other in bases.lattices {
            #expect(other != own)
            #expect(abs(other.lattice.volume / lattice.volume - 1) < 1e-9)
            #expect(zip(lines(other.lattice), lines(lattice)).allSatisfy { abs($0 - $1) < 1e-6 * $1 })
            #expect(lines(other.lattice).count == lines(lattice).count)
        }
    }

    @Test(
        "only elements that the radiation hardly tells apart are refined in each other's places, so many as are asked for"
    )
    func exchanges() throws {
        let spinel = try Crystals.make(
            "P n m a", [8.482, 5.398, 6.959, 90, 90, 90],
            [
                ("Pb1", "Pb", SIMD3(0.188, 0.25, 0.167)), ("S1", "S", SIMD3(0.063, 0.25, 0.686)),
                ("Cl1", "Cl", SIMD3(0.19, 0.25, 0.54)),
            ])
        let (pattern, instrument) = try PowderGroupRecoveryTests.counts(spinel, seed: 3)
        let weights = PowderRecovery.weights(of: pattern)
        let recovery = PowderGroupRecoveryTests.recovery(instrument, seed: 1)
        let result = try recovery.recover(pattern, weights: weights, starts: [spinel])
        let exchanged = try ExchangedElements().alternatives(to: result, pattern: pattern, weights: weights)
        #expect(exchanged.count == 1)
        #expect(exchanged.allSatisfy { $0.rwp >= result.statistics.rwp * 0.999 })
        var settings = RecoverySettings.Rivals()
        settings.exchanges = 0
        #expect(
            try ExchangedElements(settings: settings).alternatives(
                to: result, pattern: pattern, weights: weights
            ).isEmpty)
    }
}
