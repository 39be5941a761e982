import Crystallography
import NumericalMethods
import Symmetry
import Testing

@Suite struct WyckoffPositionTests {
    static let cubicMetric = Lattice(a: 10, b: 10, c: 10, alpha: 90, beta: 90, gamma: 90)
    static let generic = SIMD3(0.137_1, 0.219_3, 0.341_7)

    /// A point of an oracle's triplet.
    static func point(_ triplet: String) throws -> SIMD3<Double> {
        let map = try CoordinateTriplet.parse(triplet)
        return Matrix3(map.matrix) * generic + SIMD3<Double>(map.translation) / 24
    }

    @Test(.enabled(if: WyckoffOracle.path != nil, "the shared data are not here"))
    func everyPositionOfEverySettingIsTheOracles() throws {
        var count = 0
        for hall in 1...530 {
            let group = try #require(SpaceGroup(hallNumber: hall))
            let oracle = try #require(WyckoffOracle.positions[hall])
            #expect(group.wyckoffPositions.map(\.symbol) == oracle.map { "\($0.multiplicity)\($0.letter)" })
            for expected in oracle {
                let point = try Self.point(expected.triplets[0])
                let site = SiteSymmetry(
                    of: point, in: group.operations, lattice: Self.cubicMetric, tolerance: 1e-4)
                let found = try #require(group.wyckoffPosition(of: site), "\(hall) \(expected)")
                #expect(found.position.letter == expected.letter, "\(hall) \(expected)")
                #expect(found.position.multiplicity == expected.multiplicity)
                // The oracle does not turn its symbols with permuted axes; there only their parts can agree.
                let symbol = group.siteSymmetrySymbol(of: site)
                if group.choice.contains("-") || group.choice.contains("cab") || group.choice.contains("bca")
                {
                    #expect(symbol.sorted() == expected.siteSymmetry.sorted())
                } else {
                    #expect(symbol == expected.siteSymmetry, "\(hall) \(expected.triplets[0])")
                }
                count += 1
                // The first triplet is the convention's own, not an equivalent one.
                let first = try CoordinateTriplet.parse(expected.triplets[0])
                #expect(
                    found.position.formula
                        == CoordinateTriplet.text(matrix: first.matrix, translation: first.translation),
                    "\(hall) \(expected.letter)")
            }
        }
        #expect(count == 3467)
    }
}
