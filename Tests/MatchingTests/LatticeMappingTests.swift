import Crystallography
import Matching
import NumericalMethods
import Symmetry
import Testing

@Suite struct LatticeMappingTests {
    private func agree(_ a: Lattice, _ b: Lattice, length: Double, angle: Double) -> Bool {
        let ratio = a.lengths / b.lengths
        let turn = a.angles - b.angles
        return ratio.max() <= 1 + length && ratio.min() * (1 + length) >= 1
            && max(turn.max(), -turn.min()) <= angle
    }

    /// All matrices of small entries, both ways.
    private func byHand(_ first: Lattice, _ second: Lattice, length: Double, angle: Double) -> Set<
        IntegerMatrix3
    > {
        let rows = (0..<27).map { SIMD3($0 % 3 - 1, $0 / 3 % 3 - 1, $0 / 9 - 1) }
        var result: Set<IntegerMatrix3> = []
        for a in rows {
            for b in rows {
                for c in rows {
                    let m = IntegerMatrix3(rows: a, b, c)
                    guard abs(m.determinant) == 1, let inverse = m.inverse else { continue }
                    let there = Lattice(vectors: Matrix3(m) * first.vectors)
                    let back = Lattice(vectors: Matrix3(inverse) * second.vectors)
                    if agree(there, second, length: length, angle: angle),
                        agree(back, first, length: length, angle: angle)
                    {
                        result.insert(m)
                    }
                }
            }
        }
        return result
    }

    @Test(arguments: [
        ([4.0, 4.0, 4.0, 90, 90, 90], [4.1, 4.0, 3.95, 90, 91, 90]),
        ([4.0, 5.0, 6.0, 80, 95, 100], [4.0, 5.0, 6.0, 80, 95, 100]),
        ([3.0, 3.0, 5.0, 90, 90, 120], [3.05, 3.0, 5.1, 90, 90, 119]),
        ([4.0, 5.0, 6.0, 90, 90, 90], [6.0, 4.0, 5.0, 90, 90, 90]),
    ])
    func mappingsAreThoseOfBruteForce(first: [Double], second: [Double]) {
        func lattice(_ p: [Double]) -> Lattice {
            Lattice(a: p[0], b: p[1], c: p[2], alpha: p[3], beta: p[4], gamma: p[5])
        }
        let (a, b) = (lattice(first), lattice(second))
        let found = Set(LatticeMapping.all(from: a, to: b, lengthTolerance: 0.1, angleTolerance: 5))
        let small = found.filter { m in
            [m.row0, m.row1, m.row2].allSatisfy { row in
                row.clamped(lowerBound: SIMD3(repeating: -1), upperBound: SIMD3(repeating: 1)) == row
            }
        }
        #expect(small == byHand(a, b, length: 0.1, angle: 5) && !found.isEmpty)
        // The other order has the inverses.
        let back = LatticeMapping.all(from: b, to: a, lengthTolerance: 0.1, angleTolerance: 5)
        #expect(Set(back.compactMap(\.inverse)) == found)
    }

    /// A cubic lattice is laid on itself in 48 ways, a hexagonal one in 24, a triclinic one in 2.
    @Test(arguments: [
        ([4.0, 4, 4, 90, 90, 90], 48), ([3.0, 3, 5, 90, 90, 120], 24), ([4.0, 5, 6, 80, 95, 100], 2),
    ])
    func aLatticeIsLaidOnItselfByItsHolohedry(cell: [Double], order: Int) {
        let lattice = Lattice(
            a: cell[0], b: cell[1], c: cell[2], alpha: cell[3], beta: cell[4], gamma: cell[5])
        let ways = LatticeMapping.all(from: lattice, to: lattice, lengthTolerance: 1e-6, angleTolerance: 1e-6)
        #expect(ways.count == order)
        #expect(LatticeMapping.ofLeastStrain(from: lattice, to: lattice).count == order)
    }
}

@Suite struct SiteAlignmentTests {
    private func site(_ symbol: String, _ occupancy: Double = 1, charge: Int? = nil) throws -> Site {
        var site = Site(try #require(Element(symbol: symbol)), at: .zero)
        site.occupants[0].occupancy = occupancy
        return site
    }

    /// Elements and occupancies decide; deuterium is hydrogen.
    @Test func kindsAreElementsWithTheirOccupancies() throws {
        #expect(SiteKind(try site("D")) == SiteKind(try site("H")))
        #expect(SiteKind(try site("Fe")) != SiteKind(try site("Co")))
        #expect(SiteKind(try site("Fe", 0.5)) == SiteKind(try site("Fe", 0.501)))
        #expect(SiteKind(try site("Fe", 0.5)) != SiteKind(try site("Fe", 0.6)))
        var shared = try site("Fe", 0.5)
        shared.occupants += try site("Co", 0.5).occupants
        var exchanged = try site("Co", 0.5)
        exchanged.occupants += try site("Fe", 0.5).occupants
        #expect(SiteKind(shared) == SiteKind(exchanged))
    }

    @Test func otherKindsAreNotAligned() throws {
        #expect(SiteAlignment([try site("Fe")], [try site("Co")]) == nil)
        #expect(SiteAlignment([try site("Fe")], [try site("Fe"), try site("Fe")]) == nil)
        #expect(SiteAlignment([], []) == nil)
    }

    /// Among the anchored shifts is the one that was applied; there every atom lies on its own, and nowhere nearer.
    @Test func theShiftIsFoundAmongTheAnchors() throws {
        var random = RandomStream(seed: 6)
        let sites = try ["Ti", "O", "O", "O", "Ba"].map { try site($0) }
        let places = sites.map { _ in SIMD3(random.uniform(), random.uniform(), random.uniform()) }
        let shift = SIMD3(0.21, -0.33, 0.47)
        let order = [3, 0, 4, 2, 1]
        let alignment = try #require(SiteAlignment(sites, order.map { sites[$0] }))
        let second = order.map { (places[$0] + shift).wrapped }
        let metric = AlignmentMetric(Lattice(a: 4, b: 5, c: 6, alpha: 85, beta: 95, gamma: 100))
        let target = alignment.target(second)
        let shifts = alignment.candidateShifts(places, second)
        #expect(shifts.contains { ($0 - shift).nearestImage.length < 1e-12 })
        let sums = shifts.map {
            alignment.nearestSum(places, target, shift: $0, metric) ?? .nan
        }
        let best = try #require(sums.indices.min { sums[$0] < sums[$1] })
        #expect(sums[best] < 1e-20 && (shifts[best] - shift).nearestImage.length < 1e-12)
        // A limit refuses what is worse.
        let wrong = SIMD3(0.1, 0.2, 0.1)
        #expect(alignment.nearestSum(places, target, shift: wrong, metric, limit: 1e-6) == nil)
    }
}

@Suite struct PrimitiveReductionTests {
    private func rocksalt(_ n: SIMD3<Int>, shaken: Double = 0) throws -> CrystalStructure {
        let (sodium, chlorine) = (try #require(Element(symbol: "Na")), try #require(Element(symbol: "Cl")))
        var random = RandomStream(seed: 3)
        var sites: [Site] = []
        let faces = [SIMD3(0.0, 0, 0), SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0)]
        for x in 0..<n.x {
            for y in 0..<n.y {
                for z in 0..<n.z {
                    for face in faces {
                        for (element, place) in [(sodium, face), (chlorine, face + SIMD3(0.5, 0.5, 0.5))] {
                            let noise = SIMD3(random.normal(), random.normal(), random.normal())
                            let cell = place + SIMD3(Double(x), Double(y), Double(z))
                            let position = (cell + shaken / 5.64 * noise) / SIMD3<Double>(n)
                            sites.append(Site(element, at: position))
                        }
                    }
                }
            }
        }
        let lengths = SIMD3<Double>(n) * 5.64
        return CrystalStructure(
            title: "",
            lattice: Lattice(a: lengths.x, b: lengths.y, c: lengths.z, alpha: 90, beta: 90, gamma: 90),
            sites: sites)
    }

    @Test(arguments: [SIMD3(1, 1, 1), SIMD3(2, 1, 1), SIMD3(1, 3, 2)])
    func everySupercellHasTheOnePrimitiveCell(n: SIMD3<Int>) throws {
        let structure = try rocksalt(n)
        let reduction = PrimitiveReduction(structure).further(tolerance: 0.1)
        #expect(reduction.structure.sites.count == 2)
        #expect(abs(reduction.structure.lattice.volume - 5.64 * 5.64 * 5.64 / 4) < 1e-9)
        // Every atom of the cell is in one of the two.
        #expect(reduction.sources.flatMap { $0 }.sorted() == Array(structure.sites.indices))
    }

    /// What is beyond the mean has the mean square of what was put there, and is missing where nothing was.
    @Test func aSuperstructureIsWhatTheMeanLeavesOut() throws {
        let n = SIMD3(2, 2, 1)
        let shaken = try rocksalt(n, shaken: 0.02)
        let averaged = PrimitiveReduction(shaken).further(tolerance: 0.3)
        let superstructure = try #require(Superstructure(of: shaken, averaged: averaged))
        #expect(superstructure.deviations.count == 2 && superstructure.periods.rows.determinant == 16)
        for site in superstructure.deviations {
            #expect(site.reduce(SIMD3<Double>.zero, +).length < 1e-9)
        }
        // 0.02 Å along each axis, less one mean of sixteen.
        #expect(abs(superstructure.rms - 0.02 * 3.0.squareRoot()) < 0.01)
        let plain = try rocksalt(n)
        #expect(Superstructure(of: plain, averaged: PrimitiveReduction(plain).further(tolerance: 0.3)) == nil)
    }

    /// A pair without a pairing has no search, and a search knows what it compares.
    @Test func aMatchSearchComparesEqualContents() throws {
        let (salt, doubled) = (
            MatchCandidate(try rocksalt(SIMD3(1, 1, 1))), MatchCandidate(try rocksalt(SIMD3(2, 1, 1)))
        )
        let search = try #require(MatchSearch(salt, doubled, MatchTolerances()))
        #expect(search.count == 2 && abs(search.unit - (5.64 * 5.64 * 5.64 / 8).cubeRoot) < 1e-9)
        var other = try rocksalt(SIMD3(1, 1, 1))
        other.sites.removeLast()
        #expect(MatchSearch(salt, MatchCandidate(other), MatchTolerances()) == nil)
    }
}

extension Double {
    fileprivate var cubeRoot: Double {
        var x = self / 2
        for _ in 0..<60 { x -= (x * x * x - self) / (3 * x * x) }
        return x
    }
}
