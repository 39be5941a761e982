import ArgumentParser
import Foundation
import Publishing
import Reports
import Wyckoff

struct DesignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "design",
        abstract:
            "Finds crystals of a structure type with the properties asked for, neutral and in their symmetry.",
        discussion: """
            A template gives orbits; elements, cell and free coordinates are searched for so that learned models \
            predict the properties asked for. Forbidden elements never appear, and every candidate's neutrality is \
            proven in integers. A prediction is not a property: the report says how good each model is, and CHGNet, \
            which no search sees, gives a second opinion.

            Targets: 2.5±0.2 (or 2.5+-0.2), '<-0.5', '>10', 0.8:1.0, min, max; a weight after *, 2.5±0.2*2. Quote \
            < and > for the shell. Moduli are in GPa.
            Templates: \(DesignTemplate.names.joined(separator: ", ")), or a structure file, whose elements name its \
            sites.
            Methods: gradient (ours), smoacs, tpe, random, exhaustive, and tiled for supercells: copies of the best \
            unit cell, which prove nothing.
            The budget counts one model on one crystal, with or without gradient, as one call.

            Examples:
              wyckoff design --template perovskite --gap 2.5±0.2 --formation-energy '<-0.5' \
            --tolerance-factor 0.8:1.0 -o halides
              wyckoff design --template perovskite --supercell 3x3x3 --gap 4±0.2 --formation-energy '<-0.5' \
            --candidates 128 -o mixed
              wyckoff design --template spinel --bulk-modulus 160±10 --formation-energy '<-0.5' --exclude Pb,Cd,Hg \
            -o spinels
              wyckoff design --template rutile --predictor Tc=tc.pth.tar --target 'Tc>10' -o tc
              wyckoff design --template rocksalt --gap max --bulk-modulus max --pareto 8 -o front
            --pareto N searches under N weightings of the minima and maxima and ranks the Pareto front first.
            Lists of elements: symbols, @FILE for symbols in a file, * for all, and -Pb or -@FILE for all but these.
            Against what exploits the models' errors: --tau 4.18 (perovskites), --bond-valence 0.5, --displacement 0.05.
            Exit status 1 if no candidate meets every target.
            """)

    enum Judge: String, ExpressibleByArgument { case none, energy, relax }

    @Option(help: "A structure type or a structure file.")
    var template: String

    @Option(help: "Copies of the cell: 3x3x3. Every atom is free then.")
    var supercell = "1x1x1"

    @Option(help: "The symmetry kept: group (the template's own), free, or a subgroup by symbol or number.")
    var orbits = "group"

    @Option(help: "Band gap in eV, of crystals that the classifier calls non-metals.")
    var gap: String?

    @Option(help: "Formation energy in eV/atom.")
    var formationEnergy: String?

    @Option(help: "Bulk modulus in GPa.")
    var bulkModulus: String?

    @Option(help: "Shear modulus in GPa.")
    var shearModulus: String?

    @Option(help: "A property by its model's name: 'poisson-ratio<0.3', 'Tc>10'. May be repeated.")
    var target: [String] = []

    @Option(help: "A CGCNN checkpoint as a further model: NAME=FILE. May be repeated.")
    var predictor: [String] = []

    @Option(help: "Range of the tolerance factor, perovskites only.")
    var toleranceFactor: String?

    @Option(help: "goldschmidt or bartel.")
    var toleranceKind = ToleranceFactor.goldschmidt

    @Option(help: "Largest tau of Bartel et al. beside it, 4.18 in their paper; perovskites only.")
    var tau: Double?

    @Option(help: "Only these elements: Ba,Sr,Ti,O.")
    var elements: String?

    @Option(help: "None of these elements: Pb,Cd,Hg.")
    var exclude: String?

    @Option(help: "Only these elements on a site: A=Ba,Sr. May be repeated.")
    var site: [String] = []

    @Option(help: "A limit on the composition: 'O>0.4', 'F=0.2:0.6', 'elements<4'. May be repeated.")
    var composition: [String] = []

    @Option(help: "Closest distance in Å that is accepted.")
    var minimumDistance = 0.5

    @Option(help: "Keeps the cell within this part of the one where ions touch, for example 0.05.")
    var ionicWindow: Double?

    @Option(
        help: "Largest root mean square miss of the bond-valence sums, for example 0.3 (valence units).")
    var bondValence: Double?

    @Option(help: "Largest root mean square distance in Å of the atoms from the template's sites.")
    var displacement: Double?

    @Option(help: "A Pareto front of the targets min and max, from so many weightings.")
    var pareto: Int?

    @Option(help: "How many candidates.")
    var candidates = 256

    @Option(help: "Predictor calls; 200 evaluations of each model for each candidate if none is given.")
    var budget: Int?

    @Option(help: "Seed of every random choice.")
    var seed: UInt64 = 1

    @Option(help: "gradient, smoacs, tpe, random, exhaustive or tiled.")
    var method = "gradient"

    @Option(help: "none, energy (CHGNet as proposed) or relax (after relaxation in the template).")
    var judge = Judge.energy

    @Option(help: "Structures whose formulas are not novel: a file or a set. May be repeated.")
    var known: [String] = []

    @Option(help: "Tasks at a time; the number of cores if none is given.")
    var jobs: Int?

    @Flag(help: "The summary as one JSON object.")
    var json = false

    @Flag(help: "No progress on standard error.")
    var quiet = false

    @Option(name: .shortAndLong, help: "Folder for CIFs, candidates.csv, plots and the report.")
    var output: String

    func validate() throws {
        guard candidates > 0, candidates <= 100_000 else {
            throw ValidationError("--candidates takes 1 to 100000")
        }
        guard budget.map({ $0 > 0 }) != false else {
            throw ValidationError("--budget takes a positive number")
        }
        guard pareto.map({ (2...64).contains($0) }) != false else {
            throw ValidationError("--pareto takes 2 to 64 weightings")
        }
        guard method == "tiled" || DesignMethod(rawValue: method) != nil else {
            throw ValidationError(
                "--method takes \(DesignMethod.allCases.map(\.rawValue).joined(separator: ", ")) or tiled, not '\(method)'"
            )
        }
        guard ionicWindow.map({ $0 > 0 && $0 < 1 }) != false else {
            throw ValidationError("--ionic-window takes a part between 0 and 1")
        }
        guard bondValence.map({ $0 > 0 && $0.isFinite }) != false else {
            throw ValidationError("--bond-valence takes a positive number of valence units")
        }
        guard displacement.map({ $0 > 0 && $0.isFinite }) != false else {
            throw ValidationError("--displacement takes a positive number of Å")
        }
    }

    func run() async throws {
        try AtomicFile.probe(folder: output)
        let copies = try parsedSupercell()
        let options = try parsedOptions()
        let evaluator = try DesignEvaluator(
            DesignProblem(try makeTemplate(copies), options), predictors: parsedPredictors())
        let problem = evaluator.problem
        if pareto != nil, problem.extremes.count < 2 {
            throw ValidationError("--pareto needs two targets min or max: --gap max --bulk-modulus max")
        }
        let judgeModel = judge == .none ? nil : try StabilityJudge.installed()
        if judge != .none, judgeModel == nil, !quiet {
            Terminal.error("design: CHGNet is not installed, so nothing is judged (wyckoff models fetch)")
        }
        let knownFormulas = try known.isEmpty ? nil : formulas()
        let start = Date()
        let result = try await searched(evaluator, options)
        let seconds = Date().timeIntervalSince(start)
        let rows = try await judged(result, evaluator, judgeModel, knownFormulas)
        let summary = DesignSummary(
            result, rows: rows, asked: method == DesignMethod.exhaustive.rawValue ? nil : candidates,
            atoms: problem.template.atomCount, seconds: seconds, relaxed: judge == .relax)
        let report = DesignReport(
            evaluator: evaluator, result: result, rows: rows, summary: summary, command: Invocation.footer)
        try Terminal.print(json ? try JSONDialect.line(summary) : DesignReport.text(summary)) {
            let troubles = try report.write(to: AtomicFile.directory(output))
            for trouble in troubles { Terminal.warning("plots are not drawn: \(trouble)") }
        }
        if !json { try Terminal.print("  \(output)/report.html") }
        guard summary.passed else {
            throw NegativeAnswer(reason: "design: \(summary.clauses.failures.joined(separator: "; "))")
        }
    }

    private func makeTemplate(_ copies: SIMD3<Int>) throws -> DesignTemplate {
        let symmetry = DesignTemplate.Orbits(orbits)
        if DesignTemplate.names.contains(template) {
            return try DesignTemplate(named: template, orbits: symmetry, supercell: copies)
        }
        guard FileManager.default.fileExists(atPath: template) else {
            throw DesignError.unknownTemplate(template)
        }
        let structure = try firstRecord(template).structure
        let name = URL(fileURLWithPath: template).deletingPathExtension().lastPathComponent
        return try DesignTemplate(structure, name: name, orbits: symmetry, supercell: copies)
    }

    private func searched(
        _ evaluator: DesignEvaluator, _ options: DesignProblem.Options
    ) async throws -> DesignResult {
        var used = evaluator
        if method == "tiled" {
            used = try DesignEvaluator(
                DesignProblem(try makeTemplate(SIMD3(1, 1, 1)), options), predictors: parsedPredictors())
        }
        var search = DesignSearch(used)
        search.method = DesignMethod(rawValue: method) ?? .gradient
        search.candidates = candidates
        search.budget = budget
        search.seed = seed
        search.jobs = jobs
        search.front = pareto
        let clock = ProgressClock()
        let isQuiet = quiet
        let result = try await search.run { progress in
            guard !isQuiet, clock.isDue() else { return }
            Terminal.error(
                "design: \(progress.calls) calls, \(progress.successes) successes, \(progress.compositions) compositions"
            )
        }
        return method == "tiled" ? TiledDesign.tile(result, from: used.problem, into: evaluator) : result
    }

    private func judged(
        _ result: DesignResult, _ evaluator: DesignEvaluator, _ judgeModel: StabilityJudge?,
        _ known: Set<String>?
    ) async throws -> [DesignRow] {
        let relaxes = judge == .relax
        let verdicts = try await parallelMap(result.candidates, width: jobs) { candidate in
            candidate.isSuccess
                ? try judgeModel?.verdict(candidate.structure, limit: relaxes ? 120 : 0) : nil
        }
        var seen = Set<SiteComposition>()
        let front = pareto.map { _ in Set(evaluator.front(of: result.candidates)) }
        return zip(result.candidates, verdicts).enumerated().map { index, pair in
            DesignRow(
                rank: index + 1, candidate: pair.0, verdict: pair.1,
                isUnique: seen.insert(evaluator.problem.composition(pair.0.decoration)).inserted,
                known: known,
                isOnFront: front?.contains(index))
        }
    }

    private func formulas() throws -> Set<String> {
        var result = Set<String>()
        for path in known {
            for element in try CrystalRecordStream(path: path) {
                if case .success(let record) = element.result {
                    result.insert(DesignRow.formula(record.structure))
                }
            }
        }
        return result
    }

    // MARK: What was typed

    private func parsedSupercell() throws -> SIMD3<Int> {
        let parts = supercell.lowercased().split(separator: "x").compactMap { Int($0) }
        guard parts.count == 3, parts.allSatisfy({ $0 > 0 }) else {
            throw ValidationError("--supercell takes 3x3x3, not '\(supercell)'")
        }
        return SIMD3(parts[0], parts[1], parts[2])
    }

    private func parsedOptions() throws -> DesignProblem.Options {
        var options = DesignProblem.Options()
        options.elements = try elements.map(Self.elementSet)
        options.excluded = try exclude.map(Self.elementSet) ?? []
        for text in site {
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else {
                throw ValidationError("--site takes NAME=Elem,Elem, not '\(text)'")
            }
            options.sites[String(parts[0])] = try Self.elementSet(String(parts[1]))
        }
        options.minimumDistance = minimumDistance
        options.ionicWindow = ionicWindow
        options.constraints = try composition.map { try CompositionLimit($0) }
        options.toleranceFactor = toleranceKind
        options.largestTau = tau
        options.targets = try parsedTargets()
        if let toleranceFactor {
            let parsed = try PropertyTarget(
                toleranceFactor, property: "tolerance factor", option: "--tolerance-factor")
            guard case .window(let range) = parsed.goal else {
                throw DesignError.target(text: toleranceFactor, option: "--tolerance-factor")
            }
            options.toleranceRange = range
        }
        return options
    }

    private func parsedPredictors() throws -> [any PropertyPredictor] {
        try predictor.map { text in
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else {
                throw ValidationError("--predictor takes NAME=FILE, not '\(text)'")
            }
            return try CGCNN(Checkpoint(path: String(parts[1])), name: String(parts[0]))
        }
    }

    private func parsedTargets() throws -> [PropertyTarget] {
        var targets: [PropertyTarget] = []
        func add(_ text: String?, _ property: String, _ option: String) throws {
            if let text { targets.append(try PropertyTarget(text, property: property, option: option)) }
        }
        try add(gap, "gap", "--gap")
        try add(formationEnergy, "formation-energy", "--formation-energy")
        for (text, property, option) in [
            (bulkModulus, "bulk-modulus", "--bulk-modulus"),
            (shearModulus, "shear-modulus", "--shear-modulus"),
        ] {
            guard let text else { continue }
            targets.append(try PropertyTarget(text, property: property, option: option).logarithmic())
        }
        if let bondValence {
            try add("<\(bondValence)", BondValencePredictor.name, "--bond-valence")
        }
        if let displacement {
            try add("<\(displacement)", TemplateDisplacement.name, "--displacement")
        }
        for text in target {
            guard let split = text.firstIndex(where: { "<>=".contains($0) }) else {
                throw DesignError.target(text: text, option: "--target")
            }
            let name = String(text[..<split])
            let rest = text[split...]
            try add(String(rest.hasPrefix("=") ? rest.dropFirst() : rest), name, "--target")
        }
        return targets
    }

    /// Symbols, `@FILE`, and `-Pb` or `-@FILE` for what is left out of the list, or of all elements where nothing else
    /// is named.
    private static func elementSet(_ text: String) throws -> Set<Element> {
        var (kept, dropped) = (Set<Element>(), Set<Element>())
        var isWhole = true
        for entry in text.split(separator: ",").map({ $0.trimmingCharacters(in: .whitespaces) }) {
            let isDropped = entry.hasPrefix("-")
            let name = String(isDropped ? entry.dropFirst() : entry[...])
            if name == "*", !isDropped {
                kept.formUnion(Ion.all.map(\.element))
                isWhole = false
                continue
            }
            let symbols = name.hasPrefix("@") ? try listed(String(name.dropFirst())) : [name]
            for symbol in symbols {
                guard let element = Element(symbol: symbol), !Ion.of(element).isEmpty || isDropped else {
                    throw DesignError.unknownElement(symbol)
                }
                if isDropped { dropped.insert(element) } else { kept.insert(element) }
            }
            if !isDropped { isWhole = false }
        }
        let result = (isWhole && !dropped.isEmpty ? Set(Ion.all.map(\.element)) : kept).subtracting(dropped)
        guard !result.isEmpty else {
            throw ValidationError("a list of elements is empty; give symbols: Ba,Sr,Ti")
        }
        return result
    }

    /// Symbols parted by spaces, commas or lines; # begins a comment.
    private static func listed(_ path: String) throws -> [String] {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ValidationError("\(path): no list of elements can be read; give a text file of symbols")
        }
        return text.split(separator: "\n").flatMap { line in
            line.prefix { $0 != "#" }.split { " ,\t\r".contains($0) }.map(String.init)
        }
    }
}

extension ToleranceFactor: ExpressibleByArgument {}

/// Every two seconds.
private final class ProgressClock: @unchecked Sendable {
    private let lock = NSLock()
    private var next = Date()

    func isDue() -> Bool {
        lock.withLock {
            guard Date() >= next else { return false }
            next = Date().addingTimeInterval(2)
            return true
        }
    }
}
