import Foundation
import Publishing

extension RefinementReport {
    /// Everything of a refinement: refined.json, report.html, fit.tsv and its picture for each pattern, a CIF of each
    /// phase called after its structure's file, and refined.cif, the powder CIF of all; the folder is made.
    ///
    /// - Parameter date: `2026-11-29`, for the CIF.
    /// - Returns: why pictures are missing.
    @discardableResult
    package func write(to folder: URL, date: String) throws -> [String] {
        _ = try AtomicFile.directory(folder.path)
        func file(_ name: String) -> URL { folder.appendingPathComponent(name) }
        try AtomicFile.write(try indentedJSON() + "\n", to: file("refined.json"))
        try AtomicFile.write(parameterTable.tabSeparated, to: file("parameters.tsv"))
        let names = phaseNames
        for (k, name) in names.enumerated() {
            let cif = RefinedPhaseCIF(outcome: outcome, phase: k, name: name, version: version)
            try AtomicFile.write(try cif.text(), to: file("\(name).cif"))
        }
        let powder = RefinedPowderCIF(outcome: outcome, names: names, version: version, date: date)
        try AtomicFile.write(try powder.text(), to: file("refined.cif"))
        let plots = try outcome.items.indices.map { try plot(ofPattern: $0) }
        let pictures = try plots.enumerated().map { index, plot in
            try plot.write(to: folder, name: index == 0 ? "fit" : "fit-\(index + 1)").picture
        }
        let page = page(plots, pictures)
        try page.write(to: file("report.html"))
        return page.troubles
    }

    /// Of data blocks and files: the structures' file names, each once, and none of them `refined`.
    var phaseNames: [String] {
        var names: [String] = []
        for k in files.indices {
            let stem = String(stem(ofPhase: k).map { $0.isASCII && !$0.isWhitespace && $0 != "/" ? $0 : "_" })
            let base = ["refined", ""].contains(stem.lowercased()) ? "phase" : stem
            var name = base
            var copy = 2
            while names.contains(where: { $0.lowercased() == name.lowercased() }) || name == "overall" {
                name = "\(base)-\(copy)"
                copy += 1
            }
            names.append(name)
        }
        return names
    }

    /// Name, value with its uncertainty in two columns, unit, remark.
    private var parameterTable: TextTable {
        TextTable(
            columns: [
                .init("name"), .init("value", alignment: .number), .init("uncertainty", alignment: .number),
                .init("unit"), .init("remark"),
            ],
            rows: rows.map { row in
                [row.name, "\(row.value)", row.uncertainty.map { "\($0)" } ?? "", row.unit, row.remark]
            })
    }

    var rows: [RefinementSummary.Row] { jointSummary?.parameters ?? summary.parameters }

    private func indentedJSON() throws -> String {
        if let joint = jointSummary { return try JSONDialect.indented(joint) }
        return try JSONDialect.indented(summary)
    }
}
