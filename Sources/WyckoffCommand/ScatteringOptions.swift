import ArgumentParser
import Wyckoff

/// What scatters, and how strongly.
struct ScatteringOptions: ParsableArguments {
    @Option(help: "xray or neutron.", completion: .list(["xray", "neutron"]))
    var radiation = "xray"

    @Option(
        help: "X-ray form factors: wk95 (atoms and ions), it92 or pymatgen (its XRDCalculator's).",
        completion: .list(ScatteringTable.allCases.map(\.rawValue)))
    var formFactors = "wk95"

    @Flag(help: "Leave out f′ and f″ of Cromer and Liberman.")
    var noDispersion = false

    @Flag(help: "Leave out the atoms' displacement parameters: atoms at rest.")
    var noDisplacements = false

    @Option(parsing: .unconditional, help: "Overall B in Å²: intensities times exp(−2 B sin²θ/λ²).")
    var overallB = 0.0

    func validate() throws {
        guard Radiation.Probe(rawValue: radiation) != nil else {
            throw ValidationError("--radiation takes xray or neutron, not '\(radiation)'")
        }
        guard ScatteringTable(rawValue: formFactors) != nil else {
            let known = ScatteringTable.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--form-factors takes one of \(known), not '\(formFactors)'")
        }
        guard abs(overallB) < 100 else { throw ValidationError("--overall-b takes Å² between -100 and 100") }
    }

    func set(_ simulation: inout PatternSimulation) {
        simulation.scatteringTable = ScatteringTable(rawValue: formFactors) ?? .wk95
        simulation.dispersion = !noDispersion
        simulation.overallB = overallB
    }
}
