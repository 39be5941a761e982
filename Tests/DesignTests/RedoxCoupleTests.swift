import Crystallography
import Design
import Testing

/// Ions that would react stand in no crystal together (DESIGNS.md, A2).
@Suite struct RedoxCoupleTests {
    private func coexist(_ ions: (String, Int)...) throws -> Bool {
        RedoxCouple.coexist(
            try ions.map { (element: try #require(Element(symbol: $0.0)), charge: $0.1) })
    }

    @Test("oxidants stand beside no anion that they oxidise")
    func anions() throws {
        #expect(try !coexist(("Ba", 2), ("Pb", 4), ("S", -2)))
        #expect(try !coexist(("Ba", 2), ("Mn", 4), ("Se", -2)))
        #expect(try !coexist(("Ba", 2), ("Ce", 4), ("Te", -2)))
        #expect(try !coexist(("K", 1), ("Cu", 2), ("I", -1)))
    }

    @Test("nor a cation that gives an electron beside one that takes it, nor Hg+ alone")
    func cations() throws {
        #expect(try !coexist(("Eu", 2), ("Pb", 4), ("O", -2)))
        #expect(try !coexist(("Hg", 1), ("Mg", 2), ("Br", -1)))
    }

    /// Minerals and compounds that are made: chalcopyrite, sulvanite, Cs2PbCl6's ions, europium titanate, jacobsite's.
    @Test("what is known stays allowed")
    func known() throws {
        #expect(try coexist(("Cu", 1), ("Fe", 3), ("S", -2)))
        #expect(try coexist(("Cu", 1), ("V", 5), ("S", -2)))
        #expect(try coexist(("Cs", 1), ("Pb", 4), ("Cl", -1)))
        #expect(try coexist(("Eu", 2), ("Ti", 4), ("O", -2)))
        #expect(try coexist(("Mn", 2), ("Fe", 3), ("O", -2)))
        #expect(try coexist(("Pb", 2), ("Zr", 4), ("S", -2)))
    }

    @Test("every line of the table is read, and what reduces has its margin")
    func table() {
        #expect(RedoxCouple.all.count > 30)
        for couple in RedoxCouple.all where couple.role == .reduces { #expect(couple.margin > 0) }
    }
}
