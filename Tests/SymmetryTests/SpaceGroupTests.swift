import Crystallography
import Foundation
import NumericalMethods
import Symmetry
import Testing

@Suite struct SpaceGroupTests {
    static let everything = ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] != nil
    static let all = (1...530).compactMap { SpaceGroup(hallNumber: $0) }

    @Test func operationsCloseInEverySetting() {
        #expect(Self.all.count == 530)
        for group in Self.all {
            let set = Set(group.operations)
            // A few by all, unless all laws are wanted.
            let left =
                Self.everything ? group.operations : group.operations.prefix(6) + group.operations.suffix(6)
            for a in left {
                let isClosed = group.operations.allSatisfy { set.contains(a.combined(with: $0).wrapped) }
                #expect(isClosed, "\(group) \(a.xyz)")
                #expect(a.inverse.map { set.contains($0.wrapped) } == true)
            }
        }
    }

    @Test func ordersFollowFromPointGroupAndCentring() {
        for group in Self.all {
            let rotations = Set(group.operations.map(\.rotation))
            #expect(group.order == rotations.count * group.centring.vectors.count)
        }
    }

    @Test func positionsObeyTheLaws() {
        let lattice = Lattice(a: 10, b: 10, c: 10, alpha: 90, beta: 90, gamma: 90)
        for group in Self.all {
            for position in group.wyckoffPositions {
                #expect(position.matrix * position.matrix == position.matrix)
                #expect(position.images.count == position.multiplicity)
                #expect(Set(position.triplets).count == position.multiplicity)
                let generic =
                    Matrix3(position.matrix) * SIMD3(0.137_1, 0.219_3, 0.341_7)
                    + SIMD3<Double>(position.translation) / 24
                let site = SiteSymmetry(
                    of: generic, in: group.operations, lattice: lattice, tolerance: 1e-5)
                #expect(site.order * position.multiplicity == group.order)
                #expect(site.degreesOfFreedom == position.degreesOfFreedom)
                #expect(site.formula == position.formula)
                #expect(group.siteSymmetrySymbol(of: site) == position.siteSymmetry)
                let found = group.wyckoffPosition(of: site)
                #expect(found?.position == position)
                let p = site.projector
                #expect((p * p - p).frobeniusNorm < 1e-14)
                #expect(abs(p.trace - Double(site.degreesOfFreedom)) < 1e-14)
                let x = site.idealized(generic)
                #expect((site.position(site.parameters(of: x)) - x).length < 1e-15)
            }
        }
    }

    @Test func lettersRunWithoutGap() {
        for group in Self.all {
            let letters = group.wyckoffPositions.reversed().map(\.letter)
            let alphabet = "abcdefghijklmnopqrstuvwxyzA".map(String.init)
            #expect(letters == Array(alphabet.prefix(letters.count)))
        }
    }

    @Test func tripletsReadBack() throws {
        for group in Self.all {
            for operation in group.operations {
                #expect(try SymmetryOperation(xyz: operation.xyz) == operation)
            }
            let symbol = "hall:" + group.hallSymbol
            // Ccce and its permutations stand twice in the list, under one Hall symbol.
            #expect(try Set(SpaceGroup.find(symbol).operations) == Set(group.operations))
            let named = SpaceGroup.candidates(for: group.symbol)
            #expect(named.contains(group), "\(group.symbol) \(group.choice)")
            #expect(SpaceGroup.candidates(for: group.fullSymbol).contains(group))
        }
    }

    @Test(arguments: [
        ("62", 292), ("Pnma", 292), ("P n m a", 292), ("227", 526), ("227:1", 525), ("F d -3 m :2", 526),
        ("P21/c", 81), ("P 2_1/c", 81), ("P 21/a", 83), ("R-3m", 458), ("R -3 m:R", 459), ("Cmca", 304),
        ("hall:-P 2ac 2n", 292), ("P 1 21/n 1", 82), ("I41/amd", 427), ("pnma", 292), ("hall:1", 1),
    ])
    func namesFindTheirSetting(text: String, hall: Int) throws {
        #expect(try SpaceGroup.find(text).hallNumber == hall)
    }

    @Test(arguments: ["", "0", "231", "Pxyz", "hall:", "hall:531", "hall:P 9", "62:9"])
    func otherNamesAreRefused(text: String) {
        #expect(throws: SpaceGroupLookupError.self) { try SpaceGroup.find(text) }
    }

    @Test func sixtyEightGroupsArePolar() {
        let polar = Set(Self.all.filter { !$0.polarDirections.isEmpty }.map(\.number))
        #expect(polar.count == 68)
        #expect(Self.all.filter { $0.number == 1 }.allSatisfy { $0.polarDirections.count == 3 })
    }
}
