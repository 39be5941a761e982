import ArgumentParser
import Foundation
import Jobs
import Publishing
import Reports
import Wyckoff

struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Predicts properties with the learned property models.",
        discussion: """
            Models: \(PropertyModel.all.map { "\($0.name) (\($0.property)\($0.unit.isEmpty ? "" : ", " + $0.unit))" }
                .joined(separator: "; ")).
            The band gap was learned from non-metals only: where P(metal) is 0.5 or more it means nothing, and the \
            output says so.
            --ties symmetric shares the last shell of neighbours evenly where the limit of 12 cuts it; reference \
            cuts it as CGCNN's own code does.

            Examples:
              wyckoff predict BaTiO3.cif
              wyckoff predict *.cif --model gap --model metal --json
              wyckoff predict V3Si.cif --predictor Tc=tc.pth.tar
            """)

    @Argument(help: "Structures: CIF, POSCAR, extended XYZ or JSON; or folders of them.", completion: .file())
    var files: [String]

    @Option(
        help: "A model by name; may be repeated. All of them if none is given.",
        completion: CompletedValues.models)
    var model: [String] = []

    @Option(
        help:
            "A CGCNN checkpoint as a further model: NAME=FILE. May be repeated; without --model it alone is asked.",
        completion: .file())
    var predictor: [String] = []

    @Option(help: "symmetric or reference.", completion: .list(["symmetric", "reference"]))
    var ties = "symmetric"

    @Flag(help: "One JSON object for each structure, one a line.")
    var json = false

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("name at least one file") }
        guard TieMode(rawValue: ties) != nil else {
            throw ValidationError("--ties takes symmetric or reference")
        }
    }

    func run() throws {
        let mode = TieMode(rawValue: ties) ?? .symmetric
        let names = model.isEmpty && predictor.isEmpty ? PropertyModel.all.map(\.name) : model
        let networks =
            try names.map { try PropertyModel.named($0).load() } + predictor.map { try CGCNN(named: $0) }
        for file in try files.flatMap({ try CrystalRecordStream(path: $0).files }) {
            for record in try CrystalFile.read(file) {
                var job = PredictionJob(record.structure, networks)
                job.ties = mode
                let outcome = try named(file) { [job] in try job.run { _ in } }
                let properties = zip(networks, outcome.values).map { network, value in
                    PredictionSummary.Property(
                        name: network.name, value: value, unit: network.unit,
                        validationError: network.validationError, errorKind: network.errorKind)
                }
                let prediction = PredictionSummary(
                    file: file, name: record.name, ties: ties, cutShells: outcome.cutShells,
                    properties: properties)
                try Terminal.print(json ? JSONDialect.line(prediction) : prediction.text)
            }
        }
    }
}
