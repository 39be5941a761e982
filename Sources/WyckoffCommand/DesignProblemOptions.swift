import ArgumentParser
import Foundation
import Jobs
import LearnedModels
import Wyckoff

/// What may be designed: the template, its symmetry, the elements on its sites, the models that predict.
struct DesignProblemOptions: ParsableArguments {
    @Option(help: "A structure type or a structure file.", completion: CompletedValues.templates)
    var template: String

    @Option(help: "Copies of the cell: 3x3x3. Every atom is free then.")
    var supercell = "1x1x1"

    @Option(
        help: "The symmetry kept: group (the template's own), free, or a subgroup by symbol or number.",
        completion: .list(["group", "free"]))
    var orbits = "group"

    @Option(help: "Only these elements: Ba,Sr,Ti,O.")
    var elements: String?

    @Option(
        name: [.long, .customLong("avoid")],
        help: "None of these elements: Pb,Cd,Hg; toxic and radioactive are lists that have a name.")
    var exclude: String?

    @Option(
        help:
            "Oxidation states of a named type's sites: all, or published, those of the published studies (perovskites of +1/+2 and +2/+4)."
    )
    var states = DesignTemplate.States.all

    @Option(help: "Only these elements on a site: A=Ba,Sr. May be repeated.")
    var site: [String] = []

    @Option(help: "A limit on the composition: 'O>0.4', 'F=0.2:0.6', 'elements<4'. May be repeated.")
    var composition: [String] = []

    @Option(
        help:
            "on: neutral by oxidation states; off: any element on any site, for metals and intermetallic compounds."
    )
    var neutrality = Neutrality.on

    enum Neutrality: String, ExpressibleByArgument, CaseIterable { case on, off }

    @Option(help: "Closest distance in Å that is accepted, beside 0.75 of the sum of covalent radii.")
    var minimumDistance = 0.5

    @Option(help: "Keeps the cell within this part of the one where ions touch, for example 0.05.")
    var ionicWindow: Double?

    @Option(
        help:
            "A CGCNN checkpoint as a further model: NAME=FILE, or NAME=FILE,FILE,… for the mean of several; NAME-spread, the standard deviation of their answers, may be a target then. May be repeated.",
        completion: .file())
    var predictor: [String] = []

    func validate() throws {
        guard ionicWindow.map({ $0 > 0 && $0 < 1 }) != false else {
            throw ValidationError("--ionic-window takes a part between 0 and 1")
        }
    }

    func makeTemplate(copies: SIMD3<Int>) throws -> DesignTemplate {
        let symmetry = DesignTemplate.Orbits(orbits)
        if DesignTemplate.names.contains(template) {
            return try DesignTemplate(
                named: template, orbits: symmetry, supercell: copies, states: states)
        }
        guard FileManager.default.fileExists(atPath: template) else {
            throw DesignError.unknownTemplate(template)
        }
        let structure = try firstRecord(template).structure
        let name = URL(fileURLWithPath: template).deletingPathExtension().lastPathComponent
        return try DesignTemplate.symmetrized(structure, name: name, orbits: symmetry, supercell: copies)
    }

    /// Along each axis.
    func copies() throws -> SIMD3<Int> {
        let parts = supercell.lowercased().split(separator: "x").compactMap { Int($0) }
        guard parts.count == 3, parts.allSatisfy({ $0 > 0 }) else {
            throw ValidationError("--supercell takes 3x3x3, not '\(supercell)'")
        }
        return SIMD3(parts[0], parts[1], parts[2])
    }

    func options(_ targets: DesignTargetOptions) throws -> DesignProblem.Options {
        var options = DesignProblem.Options()
        let all = neutrality == .on ? nil : ChargePattern.unchargedElements
        options.elements = try elements.map { try ElementList($0, among: all).elements }
        options.excluded = try exclude.map { try ElementList($0, among: all).elements } ?? []
        for text in site {
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else {
                throw ValidationError("--site takes NAME=Elem,Elem, not '\(text)'")
            }
            options.sites[String(parts[0])] = try ElementList(String(parts[1]), among: all).elements
        }
        options.minimumDistance = minimumDistance
        options.ionicWindow = ionicWindow
        options.asksCharges = neutrality == .on
        options.constraints = try composition.map { try CompositionLimit($0) }
        try targets.fill(&options, isSupercell: try copies() != SIMD3(1, 1, 1))
        return options
    }

    func predictors() throws -> [any PropertyPredictor] {
        try predictor.flatMap { text -> [any PropertyPredictor] in
            let parts = text.split(separator: "=", maxSplits: 1)
            let files = parts.count == 2 ? parts[1].split(separator: ",") : []
            guard files.count > 1, let name = parts.first else { return [try CGCNN(named: text)] }
            let ensemble = PredictorEnsemble(
                try files.map { try CGCNN(named: "\(name)=\($0)") }, name: String(name))
            return [ensemble, EnsembleSpread(ensemble)]
        }
    }
}

extension CGCNN {
    /// A checkpoint as it is typed: NAME=FILE.
    init(named text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else {
            throw ValidationError("--predictor takes NAME=FILE, not '\(text)'")
        }
        try self.init(Checkpoint(path: String(parts[1])), name: String(parts[0]))
    }
}

extension DesignTemplate.States: ExpressibleByArgument {}
