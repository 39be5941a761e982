import Crystallography
import Testing

@Suite("Names of species never become an element by guessing")
struct SpeciesNameTests {
    /// `Na` as read, `~Na` where it has to be said, `-` a vacancy, `?` refused.
    private func text(_ name: SpeciesName) -> String {
        switch name {
        case .species(let species): species.description
        case .assumed(let species): "~\(species)"
        case .mixture(let occupants): occupants.map { "\($0.species)\($0.occupancy)" }.joined(separator: " ")
        case .vacancy: "-"
        case .unknown: "?"
        }
    }

    @Test(
        "labels are an element and then a digit, a blank, a separator or nothing",
        arguments: [
            ("Na1", "Na"), ("Na", "Na"), ("Cl 1", "Cl"), ("C1'", "C"), ("O'", "O"), ("O(1)", "O"),
            ("Fe_1", "Fe"),
            ("Fe1_0", "Fe"), ("Cl1A", "Cl"), ("Mn2+", "Mn2+"), ("O2-", "O2-"), ("D1", "D"),
            ("Co3", "Co"), ("Os", "Os"), ("Sn", "Sn"), ("Ho1", "Ho"),
        ])
    func labels(label: String, reading: String) {
        #expect(text(SpeciesName(label: label)) == reading)
    }

    @Test(
        "labels that hold more than an element are said",
        arguments: [
            ("CL1", "~Cl"), ("NA1", "~Na"), ("CA1", "~Ca"), ("MgM1", "~Mg"), ("Oa", "~O"), ("OB2", "~O"),
            ("Wat1", "~O"), ("wat", "~O"), ("OH", "~O"), ("OW1", "~O"), ("Ow2", "~O"), ("HW1", "~H"),
            ("Oh1", "~O"),
            ("O-H", "~O"), ("Am1", "~Am"), ("W1", "~W"), ("W(1)", "~W"), ("Cs+1", "Cs1+"), ("S_n", "~S"),
            ("FeA", "~Fe"),
        ])
    func said(label: String, reading: String) {
        #expect(text(SpeciesName(label: label)) == reading)
    }

    @Test(
        "labels that name no element, several, or one that nobody has seen in a crystal are refused",
        arguments: [
            "T1", "RE1", "Null", "H2O", "NH4", "TSi", "M1", "Ln", "Me1", "Zz", "A1", "1", "0", "Uiso", "No1",
            "Lv1",
            "Nh", "CO3", "CH3", "SiAl", "HO1", "Wa1", "X1", "Xx", "Q1", "Nb,Zr", "Fe/Co", "", "Cf1", "Ts1",
        ])
    func refused(label: String) {
        #expect(SpeciesName(label: label) == .unknown)
    }

    @Test("vacancies are no vanadium", arguments: ["Va1", "Vac", "vacancy", "Vac2", "Du1", "void"])
    func vacancies(label: String) {
        #expect(SpeciesName(label: label) == .vacancy)
    }

    @Test(
        "type symbols are an element and a charge, with nothing left over",
        arguments: [
            ("Fe3+", "Fe3+"), ("O2-", "O2-"), ("D", "D"), ("7Li", "7Li"), ("11B", "11B"), ("2H", "D"),
            ("W", "W"),
            ("Na1+", "Na1+"), ("T", "~T"), ("Li7", "~7Li"), ("CO", "~Co"), ("TM", "?"), ("RE", "?"),
            ("FE", "~Fe"), ("Wat", "~O"), ("H2O", "~O"),
            ("OH", "~O"),
            ("Fe2.5+", "~Fe"), ("O1", "~O"), ("Xx", "-"), ("Vc", "-"), ("vacancy", "-"), ("Va", "-"),
            ("Bq", "-"),
            ("X0+", "-"), ("CN", "?"), ("NH4", "?"), ("M", "?"), ("Ln", "?"), ("R", "?"), ("Q", "?"),
            ("Me", "?"),
            ("Em", "?"), ("#", "?"), ("*", "?"), ("Uuu", "?"), ("SO4", "?"), ("Nb,Zr", "?"), ("Fe/Co", "?"),
            ("(Fe,Co)", "?"), ("Al3+Si4+", "?"), ("9Li", "?"), ("Li-7", "?"),
        ])
    func typeSymbols(symbol: String, reading: String) {
        #expect(text(SpeciesName(typeSymbol: symbol, label: "B2")) == reading)
    }

    @Test(
        "several elements with their shares are a mixture",
        arguments: [
            ("0.75Si + 0.25Al", "Si0.75 Al0.25"), ("0.8Nb + 0.2Zr", "Nb0.8 Zr0.2"),
            ("0.615(5)Cu + 0.385(5)Al", "Cu0.615 Al0.385"), ("Fe0.5Co0.5", "Fe0.5 Co0.5"),
            ("0.5Fe3++0.5Mg2+", "Fe3+0.5 Mg2+0.5"), ("0.8Nb + 0.8Zr", "?"), ("0.5Fe + 0.5Fe", "?"),
            ("0.5Fe + 0.5Me", "?"),
        ])
    func mixtures(symbol: String, reading: String) {
        #expect(text(SpeciesName(typeSymbol: symbol, label: "T1(o)")) == reading)
    }
}
