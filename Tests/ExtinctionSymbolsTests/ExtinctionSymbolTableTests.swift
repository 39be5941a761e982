import Crystallography
import ExtinctionSymbols
import Foundation
import Indexing
import NumericalMethods
import Symmetry
import Testing

/// Reaches `ExtinctionSymbolText`.
@Suite struct ExtinctionSymbolTableTests {
    static let cells: [(family: String, cell: Lattice, count: Int)] = [
        ("triclinic", Lattice(a: 5, b: 6, c: 7, alpha: 80, beta: 95, gamma: 103), 1),
        ("monoclinic", Lattice(a: 5, b: 6, c: 7, alpha: 90, beta: 98, gamma: 90), 14),
        ("orthorhombic", Lattice(a: 5, b: 6, c: 7, alpha: 90, beta: 90, gamma: 90), 111),
        ("tetragonal", Lattice(a: 5, b: 5, c: 7, alpha: 90, beta: 90, gamma: 90), 31),
        ("hexagonal", Lattice(a: 5, b: 5, c: 7, alpha: 90, beta: 90, gamma: 120), 9),
        ("cubic", Lattice(a: 5, b: 5, c: 5, alpha: 90, beta: 90, gamma: 90), 17),
    ]

    static func symbols(_ family: String) throws -> [ExtinctionSymbol] {
        let cell = try #require(cells.first { $0.family == family }).cell
        return ExtinctionSymbolTable(try CellAxes(cell)).symbols
    }

    /// Table 3.1.4.1 of ITA A counts 14, 111, 31 and 17; of its trigonal and hexagonal ones those that differ by the Laue
    /// class or by the reverse setting of R alone are one line of a powder pattern.
    @Test(arguments: cells.indices) func thereAreAsManySymbolsAsInInternationalTables(_ k: Int) throws {
        let (family, cell, count) = Self.cells[k]
        let axes = try CellAxes(cell)
        #expect(axes.family.rawValue == family)
        let table = ExtinctionSymbolTable(axes)
        #expect(table.symbols.count == count)
        #expect(Set(table.symbols.map(\.text)).count == count, "each has its own text")
    }

    /// Every setting on these axes stands in one symbol, its other origin aside.
    @Test func everySettingHasOneSymbol() throws {
        var numbers: Set<Int> = []
        for (_, cell, _) in Self.cells {
            let symbols = ExtinctionSymbolTable(try CellAxes(cell)).symbols
            let settings = symbols.flatMap(\.spaceGroups)
            #expect(Set(settings).count == settings.count)
            numbers.formUnion(settings.map(\.number))
        }
        #expect(numbers == Set(1...230))
    }

    @Test(arguments: [
        ("monoclinic", "P 1 21/c 1", "P 1 21/c 1"), ("monoclinic", "P 1 c 1", "P 1 2/c 1"),
        ("monoclinic", "P 1 21 1", "P 1 21/m 1"), ("monoclinic", "P 1 - 1", "P 1 m 1"),
        ("monoclinic", "C 1 c 1", "C 1 2/c 1"), ("monoclinic", "I 1 a 1", "I 1 a 1"),
        ("orthorhombic", "P n - a", "P n m a"), ("orthorhombic", "P 21 21 21", "P 21 21 21"),
        ("orthorhombic", "P - - 21", "P 2 2 21"), ("orthorhombic", "P n n -", "P n n m"),
        ("orthorhombic", "I - - (ab)", "I m m a"), ("orthorhombic", "I b a -", "I b a m"),
        ("orthorhombic", "C - c -", "C m c m"), ("orthorhombic", "F d d d", "F d d d"),
        ("orthorhombic", "F d d -", "F d d 2"),
        ("tetragonal", "P 42/n - -", "P 42/n"), ("tetragonal", "P n - -", "P 4/n m m"),
        ("tetragonal", "P - b c", "P 42 b c"), ("tetragonal", "P 41 21 -", "P 43 21 2"),
        ("tetragonal", "I a - d", "I 41/a m d"), ("tetragonal", "P - 21 c", "P -4 21 c"),
        ("hexagonal", "P 61 - -", "P 65"), ("hexagonal", "P 63 - -", "P 63/m"),
        ("hexagonal", "P - - c", "P 63/m m c"), ("hexagonal", "P - c -", "P -3 c 1"),
        ("hexagonal", "R - c", "R -3 c"), ("hexagonal", "R - -", "R -3 m"),
        ("cubic", "P a - -", "P a -3"), ("cubic", "I a - d", "I a -3 d"), ("cubic", "F d - -", "F d -3 m"),
        ("cubic", "F 41 - -", "F 41 3 2"), ("cubic", "P n - n", "P n -3 n"), ("cubic", "I - - d", "I -4 3 d"),
    ])
    func aSymbolIsWrittenAsInInternationalTables(_ family: String, _ text: String, _ group: String) throws {
        let symbol = try #require(
            try Self.symbols(family).first { $0.text == text || $0.otherTexts.contains(text) }, "\(text)")
        let settings = symbol.spaceGroups
        #expect(settings.contains { $0.symbol == group || $0.fullSymbol == group }, "\(settings)")
    }

    /// What a lattice's letters say of the centring leaves its symbols; without them the pattern has to decide.
    @Test func aBravaisTypeLeavesTheSymbolsOfItsCentring() throws {
        let cell = Lattice(a: 5, b: 6, c: 7, alpha: 90, beta: 90, gamma: 90)
        let all = ExtinctionSymbolTable(try CellAxes(cell)).symbols
        for lattice in [BravaisLattice.oP, .oC, .oI, .oF] {
            let symbols = ExtinctionSymbolTable(try CellAxes(cell, lattice: lattice)).symbols
            #expect(symbols.count == all.count { $0.centring == lattice.centring })
        }
        #expect(throws: CellAxesError.self) { try CellAxes(cell, lattice: .tP) }
    }

    /// The unique axis is the one whose angle is oblique, and a rhombohedral cell keeps its axes.
    @Test func axesAreThoseOfTheCell() throws {
        let c = try CellAxes(Lattice(a: 5, b: 6, c: 7, alpha: 90, beta: 90, gamma: 98))
        #expect(c.uniqueAxis == 2)
        #expect(ExtinctionSymbolTable(c).symbols.count == 14)
        let r = try CellAxes(Lattice(a: 5, b: 5, c: 5, alpha: 70, beta: 70, gamma: 70))
        #expect(r.hasRhombohedralAxes)
        #expect(ExtinctionSymbolTable(r).symbols.map(\.text).sorted() == ["P - -", "P - c"])
    }
}
