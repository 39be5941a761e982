import NumericalMethods
import Symmetry
import Testing

@Suite struct HermannMauguinSpellingTests {
    @Test(
        "the symbols before 1992 name their own setting",
        arguments: [
            ("C m m a", 316), ("C m m b", 317), ("A b m m", 318), ("A c m m", 319), ("B m c m", 320),
            ("B m a m", 321), ("C c c a", 323), ("C c c b", 325), ("C c c b :1", 324), ("A b a a :2", 327),
            ("A c a a", 329), ("B b c b", 331), ("B b a b", 333), ("C c m b", 305), ("A c a m", 307),
            ("B m a b", 309), ("A c 2 m", 196), ("A b m 2", 191), ("B 2 c b", 205), ("C m 2 a", 195),
            ("F m 3 m", 523), ("I a 3 d", 530), ("P a 3", 501), ("F 41/d 3 2/m", 526),
        ])
    func formerSymbols(text: String, hall: Int) throws {
        #expect(try SpaceGroup.find(text).hallNumber == hall)
    }

    @Test("C c c b takes (.07,.19,.28) to (.07,.31,.78)")
    func formerSymbolMovesAtoms() throws {
        let images = try SpaceGroup.find("C c c b :2").operations.map {
            $0.apply(to: SIMD3(0.07, 0.19, 0.28)).wrapped
        }
        #expect(images.contains { ($0 - SIMD3(0.07, 0.31, 0.78)).length < 1e-9 })
        #expect(!images.contains { ($0 - SIMD3(0.07, 0.31, 0.22)).length < 1e-9 })
    }

    @Test(
        "permuted settings with two origins take the second unless marked, as the standard one does",
        arguments: [
            ("P m m n", 279), ("P m n m", 283), ("P n m m", 281), ("P n c b", 236), ("P c n a", 238),
            ("P m n m :1", 282), ("P n m m S", 280), ("P n c b Z", 236), ("P c n a (origin choice 1)", 237),
            ("A b a a", 327), ("B b a b :1", 332),
        ])
    func permutedOrigins(text: String, hall: Int) throws {
        #expect(try SpaceGroup.find(text).hallNumber == hall)
    }

    @Test(
        "tails, brackets, mark-up and typographic signs are understood",
        arguments: [
            ("R-3mH", 458), ("R-3mR", 459), ("R -3 c RS", 461), ("R -3 c (rhombohedral axes)", 461),
            ("Fd-3mZ", 526),
            ("P 42/n Z", 362), ("P 4/n (origin choice 1)", 359), ("P21/n (unique axis b, cell choice 2)", 82),
            ("P 1 1 21/b", 86), ("P 21/b", 86), ("B 2/b", 99), ("P2_{1}/c", 81), ("P 2~1~/c", 81),
            ("P2<sub>1</sub>/c", 81), ("Fm\u{2212}3m", 523), ("Fm3\u{305}m", 523), ("F m \\bar{3} m", 523),
            ("P 21 21 21 S", 115), ("14:b2", 82), ("62:cab", 294), ("R 3 2 :H", 444), ("H32", 444),
            ("Fm-3m (225)", 523), ("P 21/c (No. 14)", 81),
        ])
    func spellings(text: String, hall: Int) throws {
        #expect(try SpaceGroup.find(text).hallNumber == hall)
    }

    @Test(
        "what is behind a symbol and not understood makes it unknown",
        arguments: [
            "F d -3 m :3", "F d -3 m (origin choice 3)", "F m3m bad", "P n m a (somehow)", "P n m a :R",
            "62:2",
            "R -3 m (origin on the left)", "P 21/c (unique axis c)", "H -3 m 1", "P 21/c Q", "Fm-3m (221)",
        ])
    func unknownTails(text: String) {
        #expect(throws: SpaceGroupLookupError.self) { try SpaceGroup.find(text) }
    }

    @Test("a known group in a setting of no table is named in the refusal")
    func untabulatedSettings() throws {
        for (text, number) in [
            ("hall:-C 1", "(2)"), ("C -1", "(2)"), ("F 4/m m m", "139"), ("I m m m (y+z,x+z,x+y)", "71"),
        ] {
            let error = #expect(throws: SpaceGroupLookupError.self) { try SpaceGroup.find(text) }
            #expect(error?.description.contains(number) == true, "\(error?.description ?? "")")
        }
    }

    @Test(
        "numbers beyond any operation are refused in Hall symbols and triplets",
        arguments: [
            "P 1 (x+9223372036854775807,y,z)", "P 1 (9223372036854775807x,y,z)",
            "P 1 (1/9223372036854775807x,y,z)",
            "P 1 (0 0 9223372036854775807)", "P 1 (-9223372036854775808 0 0)",
            "P 1 (1/-9223372036854775808x,y,z)",
            "P 2 (1000x,1000y,1000z)", "P 4 (x,999x+y,z)", "P 2y (x/139,y/137,z/131)",
        ])
    func hugeNumbers(text: String) {
        #expect(throws: HallSymbol.ParseError.self) { try HallSymbol(text) }
    }

    @Test("a change of basis to another cell keeps the group: primitive, centred and multiple cells")
    func changesOfCell() throws {
        for (text, number, order) in [
            ("-I 2 2 (y+z,x+z,x+y)", 71, 8), ("-C 2y (x-y,x+y,z)", 12, 4), ("-P 2yc (1/2x,y,z)", 13, 8),
            ("F 4 2 3 (-x+y+z,x-y+z,x+y-z)", 209, 24), ("P 4 (1/2x+1/2y,1/2y-1/2x,z)", 75, 8),
        ] {
            let operations = try #require(try HallSymbol(text).operations, "\(text)")
            #expect(operations.count == order, "\(text)")
            #expect(SpaceGroup.type(of: operations)?.number == number, "\(text)")
        }
        #expect(throws: HallSymbol.ParseError.self) { try HallSymbol("P 4 (2x,y,z)") }
    }

    @Test("(a,b,c) P and its x' = P⁻¹ x are one change of basis")
    func twoWaysToWriteAChange() throws {
        let abc = try ChangeOfBasis(abc: "1/2a-1/2b,1/2a+1/2b,c;1/4,0,0")
        let point = abc.apply(to: SIMD3(0.25 + 0.5, -0.5, 0.3))
        #expect((point - SIMD3(1, 0, 0.3)).length < 1e-12)
        #expect(try ChangeOfBasis(xyz: "x-y-1/4,x+y-1/4,z") == abc)
        for text in [
            "a,b", "a,b,q", "a,a,c", "a+1/4,b,c", "a,b,c;x,0,0", "a,b,c;0,0,0;0,0,0", "1/139a,1/137b,c",
        ] {
            #expect(throws: CoordinateTriplet.ParseError.self, "\(text)") { try ChangeOfBasis(abc: text) }
        }
    }

    @Test("the type of a group is found in whatever basis it stands")
    func typesInAnyBasis() throws {
        let change = try ChangeOfBasis(xyz: "x-y+1/8,x+z,y-z+1/4")
        for number in stride(from: 1, through: 230, by: 7) {
            let group = try SpaceGroup.find("\(number)")
            guard let moved = change.apply(toGroup: group.operations) else { continue }
            #expect(SpaceGroup.type(of: moved)?.number == number)
        }
    }
}
