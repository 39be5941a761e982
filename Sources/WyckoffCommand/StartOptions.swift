import ArgumentParser
import Foundation
import Jobs
import Wyckoff

/// What a recovery starts from, and what is known beforehand.
struct StartOptions: ParsableArguments {
    @Option(
        help:
            "The structure to start from: CIF, POSCAR, extended XYZ or JSON. May be repeated: each is recovered, the best proven one is taken.",
        completion: .file())
    var start: [String]

    @Option(help: "Space group: number, symbol, Hall symbol, or number:choice.")
    var spaceGroup: String?

    @Option(
        help:
            "Crystal family: triclinic, monoclinic (unique axis b), orthorhombic, tetragonal, hexagonal, cubic.",
        completion: .list(["triclinic", "monoclinic", "orthorhombic", "tetragonal", "hexagonal", "cubic"]))
    var family: String?

    @Option(
        help: "Structure whose group, setting and occupied Wyckoff positions are taken.", completion: .file())
    var symmetryFrom: String?

    func validate() throws {
        // One file may be spelled in several ways: a.cif, ./a.cif, a link.
        let files = start.map { URL(fileURLWithPath: $0).standardizedFileURL.resolvingSymlinksInPath().path }
        if let again = files.indices.first(where: { files.prefix($0).contains(files[$0]) }) {
            throw ValidationError("--start \(start[again]) is given twice; give it once")
        }
        if [spaceGroup, symmetryFrom, family].compactMap({ $0 }).count > 1 {
            throw ValidationError(
                "--space-group, --symmetry-from and --family exclude each other; give one of them")
        }
        if let family, CrystalFamily(rawValue: family) == nil {
            throw ValidationError(
                "--family takes \(CrystalFamily.allCases.map(\.rawValue).joined(separator: ", ")), not '\(family)'"
                    + MeantName.familyRemedy(family)
            )
        }
    }

    func knowledge() throws -> StartKnowledge {
        if let symmetryFrom {
            return try .takingPositions(of: CrystalFile.readFirst(symmetryFrom), named: symmetryFrom)
        }
        if let spaceGroup { return .spaceGroup(try SpaceGroup.named(spaceGroup)) }
        guard let family = family.flatMap(CrystalFamily.init(rawValue:)) else { return .nothing }
        return .family(family)
    }
}
