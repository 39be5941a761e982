import CrystalFiles
import Crystallography
import Foundation
import Testing

@Suite struct ShippedDataTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Data").standardized.path

    @Test(arguments: [("pbso4", 24, 318.6), ("fluorapatite", 42, 523.755), ("nac", 84, 1079.1)])
    func publishedStructuresFillTheirCell(name: String, atoms: Int, volume: Double) throws {
        let record = try CrystalFile.readFirst("\(Self.folder)/structures/\(name).cif")
        #expect(record.warnings.isEmpty)
        #expect(record.structure.sites.count == atoms)
        #expect(abs(record.structure.lattice.volume - volume) < 0.05)
    }

    @Test(arguments: [
        ("pbso4-x.dat", 6001), ("pbso4-n.dat", 2920), ("FAP.XRA", 5751), ("11BM_NAC.fxye", 59497),
    ])
    func patternsAreWhole(name: String, points: Int) throws {
        #expect(try PowderPatternFile.read("\(Self.folder)/patterns/\(name)").twoTheta.count == points)
    }
}
