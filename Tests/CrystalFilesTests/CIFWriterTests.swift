import CrystalFiles
import Crystallography
import Foundation
import NumericalMethods
import Symmetry
import Testing

@Suite struct CIFWriterTests {
    @Test(arguments: [
        (8.48213, 0.0004, "8.4821(4)"), (8.48213, 0.00013, "8.48213(13)"), (8.48213, 0.000195, "8.4821(2)"),
        (-0.09512, 0.0019, "-0.0951(19)"), (318.5, 12, "318(12)"), (0.5, 0.02, "0.50(2)"),
        (1.5, 1.2, "1.5(12)"),
        (0.18820, 0.00021, "0.1882(2)"), (90, 0, "90.0"),
    ])
    func uncertaintiesFollowTheRuleOfNineteen(value: Double, uncertainty: Double, text: String) {
        #expect(MeasuredValue(value, uncertainty: uncertainty).text == text)
    }

    @Test func withoutUncertaintyTheTextReadsBackToTheSameBits() {
        var stream = RandomStream(seed: 1)
        for _ in 0..<100 {
            let value = stream.normal()
            #expect(Double(MeasuredValue(value).text) == value)
        }
    }

    static var leadSulfate: SymmetricCIF {
        func value(_ v: Double, _ u: Double? = nil) -> MeasuredValue { MeasuredValue(v, uncertainty: u) }
        let lead = SymmetricCIF.AtomSite(
            label: "Pb1", occupants: [Occupant(Species(Element(symbol: "Pb")!, charge: 2))],
            position: [value(0.18794, 0.00012), value(0.25), value(0.16711, 0.00015)], wyckoffLetter: "c",
            multiplicity: 4, siteSymmetry: ".m.", displacement: .isotropic(b: 1.48),
            displacementUncertainties: [0.03])
        let shared = SymmetricCIF.AtomSite(
            label: "M",
            occupants: [
                Occupant(Species(Element(symbol: "S")!), occupancy: 0.75),
                Occupant(Species(Element(symbol: "Cr")!), occupancy: 0.25),
            ], position: [value(0.063), value(0.25), value(0.686)], wyckoffLetter: "c", multiplicity: 4,
            displacement: .anisotropic(
                u: Matrix3(rows: SIMD3(0.01, 0, 0.001), SIMD3(0, 0.02, 0), SIMD3(0.001, 0, 0.03))))
        let operations = [
            (1, 1, 1, 0, 0, 0), (-1, -1, 1, 12, 0, 12), (-1, 1, -1, 0, 12, 0), (1, -1, -1, 12, 12, 12),
        ].flatMap { a, b, c, x, y, z in
            [1, -1].map { sign in
                SymmetryOperation(
                    rotation: IntegerMatrix3(
                        rows: SIMD3(sign * a, 0, 0), SIMD3(0, sign * b, 0), SIMD3(0, 0, sign * c)),
                    translation: SIMD3(x, y, z))
            }
        }
        var cif = SymmetricCIF(
            name: "Pb(S,Cr)O4 test", lengths: [value(8.4821, 0.0002), value(5.398), value(6.959)],
            angles: [value(90), value(90), value(90)], symbol: "P n m a", number: 62, hallSymbol: "-P 2ac 2n",
            operations: operations, sites: [lead, shared])
        cif.extraItems = [
            .init("_pd_proc_ls_prof_wR_factor", "0.1012"), .init("_publ_section_comment", "it's \"so\""),
        ]
        return cif
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        let text = CIFFile.serialise(Self.leadSulfate)
        let record = try #require(try CIFFile.parse(text, name: "t.cif").first)
        #expect(record.warnings.isEmpty)
        #expect(record.declaredNumber == 62)
        #expect(record.declaredSymbol == "P n m a")
        #expect(Set(record.declaredOperations ?? []) == Set(Self.leadSulfate.operations))
        #expect(record.structure.sites.count == 8)
        #expect(record.asymmetricSites.map(\.label) == ["Pb1", "M"])
        #expect(record.asymmetricSites[1].occupants == Self.leadSulfate.sites[1].occupants)
        #expect(record.asymmetricSites[0].occupants[0].species.charge == 2)
        #expect(record.asymmetricSites[0].displacement == .isotropic(b: 1.48))
        #expect(record.asymmetricSites[1].displacement == Self.leadSulfate.sites[1].displacement)
        let document = try CIFDocument(parsing: text, file: "t.cif")
        #expect(document.blocks[0].text("_publ_section_comment") == "it's \"so\"")
        #expect(document.blocks[0].text("_cell_length_a") == "8.4821(2)")
        #expect(document.blocks[0].text("_cell_formula_units_Z") == "1")
    }

    @Test func aStructureInP1KeepsItsAtoms() throws {
        var stream = RandomStream(seed: 3)
        let lattice = Lattice(a: 5.1, b: 6.2, c: 7.3, alpha: 81, beta: 92.5, gamma: 113)
        let sites = (0..<20).map { _ in
            Site(
                Element(atomicNumber: 8)!,
                at: SIMD3(stream.uniform(), stream.uniform(), stream.uniform()), label: "O1")
        }
        let structure = CrystalStructure(title: "a b", lattice: lattice, sites: sites)
        let again = try #require(try CIFFile.parse(CIFFile.serialise(structure), name: "t").first).structure
        #expect(again.sites.map(\.position) == sites.map(\.position))
        #expect(Set(again.sites.map(\.label)).count == 20)
        #expect((again.lattice.metric - lattice.metric).frobeniusNorm < 1e-8)
    }

    @Test func writingLeavesNoTemporaryFileAndReadsAgain() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("a.cif").path
        let record = try #require(
            try CIFFile.parse(CIFFile.serialise(Self.leadSulfate), name: "t.cif").first)
        try CrystalFile.write([record], to: path)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.cif"])
        #expect(try CrystalFile.readFirst(path).structure.sites == record.structure.sites)
        #expect(throws: CrystalFileError.self) { try CrystalFile.write([record], to: path + "/no/a.cif") }
    }
}
