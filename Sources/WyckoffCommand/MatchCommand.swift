import ArgumentParser
import Reports
import Wyckoff

struct MatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match",
        abstract: "Says whether two structures are the same, over all cells, origins and mirror images.",
        discussion: """
            Both are reduced to their primitive cells; every correspondence of the cells within --ltol and \
            --angle-tol and every origin is tried, and the pairing of least rms displacement reported, of all atoms in \
            the common supercell: a superstructure counts however small it is. The order of \
            the two does not matter, and distances are never capped: where they do not match, it is still said how \
            far apart they are. Elements and occupancies must agree; charges do not count.

            Where the second file holds several structures (a CIF with many blocks, extended XYZ, JSON lines), the \
            first is matched against each, one line for each. Exit status 1 where none matches.

            Examples:
              wyckoff match a.cif b.cif --stol 0.2
              wyckoff match found.cif candidates.jsonl --json
            """)

    @Argument(help: "The first structure: CIF, POSCAR, extended XYZ or JSON.", completion: .file())
    var first: String

    @Argument(help: "The second structure, or a set of structures.", completion: .file())
    var second: String

    @OptionGroup var likeness: MatchToleranceOptions

    @Flag(help: "Print one JSON object a line for each pair.")
    var json = false

    func run() throws {
        let tolerances = likeness.tolerances
        let record = try CrystalFile.readFirst(first)
        for warning in record.warnings { Terminal.error("\(first): \(warning)") }
        let candidate = MatchCandidate(record.structure)
        let others = try CrystalFile.read(second)
        guard !others.isEmpty else {
            throw CrystalFileError(file: second, problem: "no structure", remedy: "give a file with one")
        }
        var matches = 0
        for other in others {
            for warning in other.warnings { Terminal.error("\(second): \(warning)") }
            let match = StructureMatch.find(
                candidate, MatchCandidate(other.structure), tolerances: tolerances)
            let name = others.count == 1 ? second : "\(second)#\(other.name)"
            let summary = MatchSummary(files: [first, name], match, tolerances: tolerances)
            if summary.isMatch { matches += 1 }
            try Terminal.print(json ? try summary.json() : summary.text)
        }
        if matches == 0 { throw NegativeAnswer() }
    }
}
