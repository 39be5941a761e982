import Crystallography
import Recovery
import Testing

@Suite("SharedPositions") struct SharedPositionsTests {
    private func shared(_ formula: String) throws -> SharedPositions? {
        SharedPositions(try Formula(parsing: formula), RecoverySettings.Solution())
    }

    /// `La0.5Ba0.5 ×1, Co ×1, O ×3`
    private func text(_ formula: String) throws -> String? {
        try shared(formula)?.fillings.map { filling in
            let names = filling.occupants.map { occupant in
                let share = Formula([Formula.Part(occupant.species.element.symbol, occupant.occupancy)])
                return share.text(.given)
            }
            return names.joined() + " ×\(filling.count)"
        }.sorted().joined(separator: ", ")
    }

    @Test("whole numbers need no sharing", arguments: ["PbSO4", "LaBaCo2O6", "Y3Fe2Al3O12"])
    func whole(formula: String) throws { #expect(try shared(formula) == nil) }

    @Test(
        "elements whose numbers make a whole one share positions; others leave some empty; anions share with no metal",
        arguments: [
            ("La0.5Ba0.5CoO3", "Co ×1, La0.5Ba0.5 ×1, O ×3"),
            ("Li(Ni,Mn,Co)O2", "Li ×1, Ni0.3333Mn0.3333Co0.3333 ×1, O ×2"),
            ("LiNi0.33Mn0.33Co0.33O2", "Li ×1, Ni0.3333Mn0.3333Co0.3333 ×1, O ×2"),
            ("La1.85Sr0.15CuO4", "Cu ×1, La0.925Sr0.075 ×2, O ×4"),
            ("Na0.74CoO2", "Co ×1, Na0.74 ×1, O ×2"),
            ("Mn1.07Sb", "Mn ×1, Sb ×1"),
            ("K0.8Fe1.6Se2", "Fe0.8 ×2, K0.8 ×1, Se ×2"),
            ("Na0.5CoO2.5", "Co ×1, Na0.5 ×1, O0.8333 ×3"),
        ])
    func sharing(formula: String, expected: String) throws { #expect(try text(formula) == expected) }

    @Test("of whole numbers those that scatter alike are mixed, no metal with an anion")
    func mixing() throws {
        func counts(_ formula: String) throws -> [String]? {
            SharedPositions(
                mixingAlike: try Formula(parsing: formula), RecoverySettings.Solution())?.fillings.map {
                    $0.occupants.map(\.species.element.symbol).joined() + "\($0.count)"
                }
        }
        #expect(try counts("HoNdV2O8") == ["O8", "V2", "NdHo2"])
        #expect(try counts("LuOF") == ["OF2", "Lu1"])
        #expect(try counts("PbSO4") == nil)
        #expect(try counts("NaF") == nil)
        #expect(try counts("La0.5Ba0.5CoO3") == nil)
    }

    @Test("what is too little to be looked for is said")
    func left() throws {
        let shared = try #require(try shared("Mn1.07Sb"))
        #expect(shared.left.map(\.symbol) == ["Mn"])
        #expect(shared.sentence.contains("0.07 Mn is not looked for"))
    }
}
