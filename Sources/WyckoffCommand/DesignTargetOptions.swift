import ArgumentParser
import Wyckoff

/// The properties that a design is to have.
struct DesignTargetOptions: ParsableArguments {
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

    @Option(
        help:
            "Magnetic moment in µB a cell, the sizes of CHGNet's moments added, where its energy is least: '>2'. CHGNet tells neither signs nor spin channels."
    )
    var magneticMoment: String?

    @Option(help: "Range of the tolerance factor, perovskites only.")
    var toleranceFactor: String?

    @Option(help: "goldschmidt or bartel.")
    var toleranceKind = ToleranceFactor.goldschmidt

    @Option(help: "Largest tau of Bartel et al. beside it, 4.18 in their paper; perovskites only.")
    var tau: Double?

    @Option(help: "Range of the octahedral factor r(B)/r(X), 0.41:0.9 for instance; perovskites only.")
    var octahedralFactor: String?

    @Option(
        help:
            "P(metal) from which a gap counts as missed; 0.2 where the geometry is CHGNet's, 0.5 where it is free, as the published studies have it."
    )
    var metalGate: Double?

    @Option(
        help:
            "Largest root mean square miss of the bond-valence sums, for example 0.3 (valence units); 0.5 in supercells if none is given, inf for none."
    )
    var bondValence: Double?

    @Option(help: "Largest root mean square distance in Å of the atoms from the template's sites.")
    var displacement: Double?

    func validate() throws {
        guard bondValence.map({ $0 > 0 }) != false else {
            throw ValidationError("--bond-valence takes a positive number of valence units")
        }
        guard metalGate.map({ $0 > 0 && $0 < 1 }) != false else {
            throw ValidationError("--metal-gate takes a probability between 0 and 1")
        }
        guard displacement.map({ $0 > 0 && $0.isFinite }) != false else {
            throw ValidationError("--displacement takes a positive number of Å")
        }
    }

    func fill(_ options: inout DesignProblem.Options, isSupercell: Bool) throws {
        // Of many atoms free to move, models alone leave some on top of one another.
        let usual = isSupercell && options.asksCharges ? options.settings.judge.bondValence : nil
        options.targets = try parsedTargets(
            bondValence: (bondValence ?? usual).flatMap { $0.isFinite ? $0 : nil })
        for case .window(let range) in options.targets.filter({ $0.property == "formation-energy" }).map(
            \.goal)
        where range.upperBound.isFinite {
            options.settings.judge.formationEnergy = range.upperBound
        }
        options.magneticMoment = try range(magneticMoment, "magnetic moment", "--magnetic-moment").map {
            PropertyTarget(property: "magnetic-moment", goal: .window($0))
        }
        options.toleranceFactor = toleranceKind
        options.largestTau = tau
        options.toleranceRange = try range(toleranceFactor, "tolerance factor", "--tolerance-factor")
        options.octahedralRange = try range(octahedralFactor, "octahedral factor", "--octahedral-factor")
    }

    private func range(
        _ text: String?, _ property: String, _ option: String
    ) throws -> ClosedRange<Double>? {
        guard let text else { return nil }
        let parsed = try PropertyTarget(text, property: property, option: option)
        guard case .window(let range) = parsed.goal else {
            throw DesignError.impossibleTarget(
                property: property, reason: "\(option) takes a range, such as 0.8:1.0 or '>2'")
        }
        return range
    }

    private func parsedTargets(bondValence: Double?) throws -> [PropertyTarget] {
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
}

extension ToleranceFactor: ExpressibleByArgument {}
