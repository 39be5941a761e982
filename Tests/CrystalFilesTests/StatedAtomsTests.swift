import CrystalFiles
import CrystalTexts
import Crystallography
import Foundation
import NumericalMethods
import Testing

/// What the rows of a CIF say of atoms, and what of it the reader has to say.
///
/// Reaches `CIFContents`, `StatedContent`, `StatedPositions`, `StatedValues`.
@Suite struct StatedAtomsTests {
    private static let columns = CrystalText.places

    private static func cif(
        _ sites: [String], cell: [Double] = [5.64, 5.64, 5.64, 90, 90, 90], group: String = "P 1",
        columns: [String] = columns, items: String = "", loops: String = ""
    ) -> String {
        CrystalText.cif(
            cell: cell.map { "\($0)" }.joined(separator: " "),
            items: items + (items.isEmpty ? "" : "\n") + "_space_group_name_H-M_alt '\(group)'",
            columns: columns,
            sites: sites.joined(separator: "\n"), loops: loops)
    }

    private func record(_ text: String) throws -> CrystalRecord {
        try #require(try CIFFile.parse(text, name: "t.cif").first)
    }

    private static let noSymbols = ["label", "fract_x", "fract_y", "fract_z"]

    @Test func waterAmmoniumAndTetrahedralSitesBecomeNoOtherElement() throws {
        let water = try record(Self.cif(["Wat1 .1 .2 .3"], columns: Self.noSymbols))
        #expect(water.structure.sites[0].element?.symbol == "O")
        #expect(water.warnings.contains { $0.contains("Wat1 as O") })
        for label in ["NH4", "TSi", "T1", "RE1"] {
            let error = try #require(throws: CrystalFileError.self) {
                try CIFFile.parse(Self.cif(["\(label) .1 .2 .3"], columns: Self.noSymbols), name: "t.cif")
            }
            #expect(error.description.contains(label))
        }
    }

    @Test func aTypeSymbolThatIsNoElementIsNotReplacedByTheLabel() {
        #expect(throws: CrystalFileError.self) {
            try CIFFile.parse(Self.cif(["B2 M .5 .5 .5"]), name: "t.cif")
        }
    }

    @Test func aMixtureOfATypeSymbolIsOneSiteOfSeveralElements() throws {
        let site = try record(Self.cif(["T1(o) '0.75Si + 0.25Al' 0 0 0"])).structure.sites[0]
        #expect(site.occupants.map(\.species.element.symbol) == ["Si", "Al"])
        #expect(site.occupants.map(\.occupancy) == [0.75, 0.25])
    }

    @Test func vacanciesAndDummiesAreLeftOutAndSaid() throws {
        let record = try record(Self.cif(["Na1 Na 0 0 0", "V1 vacancy .5 .5 .5", "V2 Va .5 0 0"]))
        #expect(record.structure.sites.count == 1)
        #expect(record.warnings.filter { $0.contains("vacancy and is left out") }.count == 2)
    }

    @Test func occupanciesThatAddUpToTheLimitAreRead() throws {
        let columns = Self.columns + ["occupancy"]
        let record = try record(Self.cif(["A Na 0 0 0 0.5", "B K 0 0 0 0.55"], columns: columns))
        #expect(record.structure.sites[0].occupants.map(\.occupancy) == [0.5, 0.55])
        #expect(throws: CrystalFileError.self) {
            try CIFFile.parse(
                Self.cif(["A Na 0 0 0 0.5", "B K 0 0 0 0.56"], columns: columns), name: "t.cif")
        }
    }

    /// P6₃/mmc, site 2c: two atoms, as gemmi reads it.
    @Test(arguments: [(6.0, "0.33", "0.67", 0.9), (12, "0.33", "0.67", 0.9), (20, "0.333", "0.667", 0.5)])
    func roundedThirdsOfAPartlyOccupiedAtomAreTwoSites(a: Double, x: String, y: String, share: Double) throws
    {
        let record = try record(
            Self.cif(
                ["Sc1 Sc \(x) \(y) 0.25 \(share)"], cell: [a, a, 5.27, 90, 90, 120], group: "P 63/m m c",
                columns: Self.columns + ["occupancy"]))
        #expect(record.structure.sites.count == 2)
        #expect(abs(record.structure.sites[0].position.x - 1 / 3.0) < 1e-9)
        #expect(abs(try #require(record.structure.composition.values.first) - 2 * share) < 1e-9)
    }

    @Test func anAtomSplitOverThreePositionsStaysSplit() throws {
        let record = try record(
            Self.cif(
                ["Sc1 Sc 0.30 0.60 0.25 0.3333"], cell: [6, 6, 5.27, 90, 90, 120], group: "P 63/m m c",
                columns: Self.columns + ["occupancy"]))
        #expect(record.structure.sites.count == 6)
    }

    @Test func atomsInOneAnotherAreSaid() throws {
        let record = try record(Self.cif(["Na1 Na 0 0 0", "Cl1 Cl 0.05 0 0"]))
        #expect(record.warnings.contains { $0.contains("nearer than any bond") })
    }

    // MARK: Displacements

    private static let zincite = [3.2, 3.2, 5.2, 90, 90, 120]
    private static func aniso(_ form: String, _ values: String) -> String {
        let tags = ["11", "22", "33", "12", "13", "23"].map { "_atom_site_aniso_\(form)_\($0)" }
        return "loop_\n_atom_site_aniso_label\n\(tags.joined(separator: "\n"))\n\(values)"
    }
    private func zincite(
        _ loops: String, columns: [String] = columns, tail: String = ""
    ) throws -> CrystalRecord {
        try record(
            Self.cif(
                ["Zn1 Zn 0.3333 0.6667 0\(tail)"], cell: Self.zincite, group: "P 63 m c", columns: columns,
                loops: loops))
    }

    /// β_ij = 2π² a*_i a*_j U_ij.
    @Test func anisotropicBetaIsTheSameTensorAsU() throws {
        let star = 1 / (3.2 * 0.75.squareRoot())
        let two = 2 * Double.pi * Double.pi
        let (b11, b33) = (two * star * star * 0.01, two / (5.2 * 5.2) * 0.02)
        let beta = try zincite(Self.aniso("beta", "Zn1 \(b11) \(b11) \(b33) \(b11 / 2) 0 0"))
        guard case .anisotropic(let u)? = beta.structure.sites[0].displacement else {
            Issue.record("no tensor")
            return
        }
        let expected = Matrix3(rows: SIMD3(0.01, 0.005, 0), SIMD3(0.005, 0.01, 0), SIMD3(0, 0, 0.02))
        #expect((u - expected).frobeniusNorm < 1e-6)
        #expect(beta.warnings.isEmpty)
    }

    @Test func aTensorThatBreaksTheSymmetryOfItsSiteIsAveragedAndSaid() throws {
        let record = try zincite(Self.aniso("U", "Zn1 0.01 0.03 0.02 0 0 0"))
        #expect(record.warnings.contains { $0.contains("break the symmetry of its site") })
        guard case .anisotropic(let u)? = record.structure.sites[0].displacement else {
            Issue.record("no tensor")
            return
        }
        #expect(abs(u[0, 0] - u[1, 1]) < 1e-12 && abs(u[0, 1] - u[0, 0] / 2) < 1e-12)
    }

    @Test func negativeDisplacementsAndRowsWithoutASiteAreSaid() throws {
        let tensor = try zincite(Self.aniso("U", "Zn1 -0.01 -0.01 0.02 -0.005 0 0\nO-h1 .01 .01 .01 0 0 0"))
        #expect(tensor.warnings.contains { $0.contains("not positive definite") })
        #expect(tensor.warnings.contains { $0.contains("O-h1 fit no site") })
        let isotropic = try zincite("", columns: Self.columns + ["U_iso_or_equiv"], tail: " -0.01")
        #expect(isotropic.warnings.contains { $0.contains("negative") })
    }

    @Test func aBInTheColumnOfUIsSaidAndTakenAsItsTypeSays() throws {
        let columns = Self.columns + ["adp_type", "U_iso_or_equiv"]
        let typed = try zincite("", columns: columns, tail: " Biso 0.79")
        #expect(typed.structure.sites[0].displacement == .isotropic(b: 0.79))
        #expect(typed.warnings.contains { $0.contains("taken as B") })
        let untyped = try zincite("", columns: Self.columns + ["U_iso_or_equiv"], tail: " 0.79")
        #expect(untyped.warnings.contains { $0.contains("a B in the column of U?") })
    }

    // MARK: Stated contents

    private func contents(_ items: String) throws -> [String] {
        try record(
            Self.cif(["Na1 Na 0 0 0", "Cl1 Cl .5 .5 .5"], group: "F m -3 m", items: items)
        ).warnings
    }

    @Test func whatAFileStatesOfItsContentsIsCompared() throws {
        #expect(
            try contents(
                "_chemical_formula_sum 'Cl Na'\n_cell_formula_units_Z 4\n_cell_volume 179.4\n"
                    + "_exptl_crystal_density_diffrn 2.163"
            ).isEmpty)
        // pymatgen writes the whole cell beside Z.
        #expect(try contents("_chemical_formula_sum 'Na4 Cl4'\n_cell_formula_units_Z 4").isEmpty)
        for (item, word) in [
            ("_chemical_formula_sum 'Na2 Cl'", "Cl4 Na4"), ("_cell_volume 300", "Å³"),
            ("_exptl_crystal_density_diffrn 9.9", "g/cm³"),
            ("_chemical_formula_sum 'Na Cl'\n_cell_formula_units_Z 8", "Z 8"),
            ("_chemical_formula_sum 'Na Br'", "Na Br"), ("_chemical_formula_sum 'Salt'", "not understood"),
        ] {
            let warnings = try contents(item)
            #expect(warnings.count == 1 && warnings[0].contains(word), "\(item): \(warnings)")
        }
    }

    @Test func deuteriumWeighsAsDeuteriumAndIsHydrogenOfTheFormula() throws {
        let text = Self.cif(
            ["Li1 Li 0 0 0", "D1 D .5 .5 .5"], cell: [4.04, 4.04, 4.04, 90, 90, 90], group: "F m -3 m",
            items: "_chemical_formula_sum 'Li H'\n_exptl_crystal_density_diffrn 0.902")
        let record = try record(text)
        #expect(record.warnings.isEmpty)
        // 4 (6.94 + 2.014) · 1.66054 / V.
        #expect(abs(record.structure.density - 0.9020) < 5e-4)
        let written = try CrystalFile.serialise([record], format: .cif)
        #expect(written.contains("'D Li'") && written.contains("0.9020"))
    }

    /// Sites one by one against all before took 50 s.
    @Test func thirtyThousandSitesTakeSeconds() throws {
        var stream = RandomStream(seed: 5)
        let rows = (0..<30_000).map { "C\($0) C \(stream.uniform()) \(stream.uniform()) \(stream.uniform())" }
        let start = ContinuousClock.now
        let record = try record(Self.cif(rows, cell: [90, 90, 90, 90, 90, 90]))
        #expect(record.structure.sites.count > 29_900)
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}
