import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Patterns

/// How a pattern is calculated, as JSON says it: the options of `wyckoff pattern` in camel case.
struct PatternRequest: Decodable {
    /// A name or Å.
    enum WavelengthChoice: Decodable {
        case named(String)
        case length(Double)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            // What is no number has to be a name, or the next line throws.
            if let number = try? container.decode(Double.self) {
                self = .length(number)
            } else {
                self = .named(try container.decode(String.self))
            }
        }

        var text: String {
            switch self {
            case .named(let name): name
            case .length(let length): "\(length)"
            }
        }
    }

    var wavelength: WavelengthChoice?
    var radiation: String?
    var formFactors: String?
    var dispersion: Bool?
    var overallB: Double?
    var displacements: Bool?
    var profile: String?
    var fwhm: Double?
    var caglioti: [Double]?
    var lorentz: [Double]?
    var eta: Double?
    var normalize: String?
    var geometry: String?
    var polarization: Double?
    var axial: [Double]?
    var divergence: Double?
    var zero: Double?
    var displacement: Double?
    var transparency: Double?
    var absorption: Double?
    var background: [Double]?
    var highest: Double?
    /// Names of the parameters that the values are; those of the structure where none are named.
    var free: [String]?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case wavelength, radiation, formFactors, dispersion, overallB, displacements, profile, fwhm, caglioti
        case lorentz, eta, normalize, geometry, polarization, axial, divergence, zero, displacement
        case transparency, absorption, background, highest, free
    }

    /// Any key of an object.
    private struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// The keys that an object has, whatever they are.
    private struct Keys: Decodable {
        var names: [String]

        init(from decoder: any Decoder) throws {
            names = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
        }
    }

    /// - Throws: for what is no object, for a key that is unknown, for a value of another kind.
    static func parse(_ text: String) throws(InterfaceError) -> PatternRequest {
        let data = Data(text.utf8)
        do {
            let known = Set(CodingKeys.allCases.map(\.rawValue))
            let names = try JSONDecoder().decode(Keys.self, from: data).names
            if let other = names.sorted().first(where: { !known.contains($0) }) {
                throw InterfaceError.unknownName(
                    other, what: "option of a pattern", known: known.sorted().joined(separator: ", "))
            }
            return try JSONDecoder().decode(PatternRequest.self, from: data)
        } catch let error as InterfaceError {
            throw error
        } catch DecodingError.typeMismatch(_, let context), DecodingError.dataCorrupted(let context),
            DecodingError.valueNotFound(_, let context)
        {
            let place = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw .notJSON((place.isEmpty ? "" : place + ": ") + context.debugDescription)
        } catch {
            throw .notJSON("\(error)")
        }
    }

    func simulation() throws -> PatternSimulation {
        var simulation = PatternSimulation(instrument: try instrument())
        if let formFactors {
            guard let table = ScatteringTable(rawValue: formFactors) else {
                throw InterfaceError.unknownName(
                    formFactors, what: "table of form factors",
                    known: ScatteringTable.allCases.map(\.rawValue).joined(separator: ", "))
            }
            simulation.scatteringTable = table
        }
        simulation.dispersion = dispersion ?? true
        simulation.overallB = try number(overallB ?? 0, "overallB", -100...100)
        simulation.background = background ?? []
        guard simulation.background.count <= 36 else {
            throw InterfaceError.wrongCount("background", got: simulation.background.count, expected: 36)
        }
        if let highest { simulation.highest = try number(highest, "highest", 1e-12...1e12) }
        return simulation
    }

    private func number(
        _ value: Double, _ name: String, _ range: ClosedRange<Double>
    ) throws(InterfaceError) -> Double {
        guard range.contains(value) else {
            throw .outside(name: name, value: value, lower: range.lowerBound, upper: range.upperBound)
        }
        return value
    }

    private func numbers(
        _ values: [Double], _ name: String, _ counts: ClosedRange<Int>
    ) throws(InterfaceError) -> [Double] {
        guard counts.contains(values.count) else {
            throw .wrongCount(name, got: values.count, expected: counts.upperBound)
        }
        return values
    }

    private func instrument() throws -> Instrument {
        let isNeutron = radiation == "neutron"
        guard radiation == nil || radiation == "xray" || isNeutron else {
            throw InterfaceError.unknownName(
                radiation ?? "", what: "radiation", known: "xray, neutron")
        }
        guard wavelength != nil || !isNeutron else { throw InterfaceError.missing("wavelength of neutrons") }
        var instrument = Instrument(
            radiation: try Wavelength.radiation(
                named: wavelength?.text ?? "CuKa", probe: isNeutron ? .neutron : .xray))
        try shape(&instrument)
        guard geometry == nil || geometry == "bragg-brentano" || geometry == "debye-scherrer" else {
            throw InterfaceError.unknownName(
                geometry ?? "", what: "geometry", known: "bragg-brentano, debye-scherrer")
        }
        instrument.geometry = geometry == "debye-scherrer" ? .debyeScherrer : .braggBrentano
        instrument.polarization = try number(polarization ?? 1, "polarization", 0...1)
        instrument.zero = try number(zero ?? 0, "zero", -10...10)
        instrument.displacement = try number(displacement ?? 0, "displacement", -10...10)
        instrument.transparency = try number(transparency ?? 0, "transparency", -10...10)
        instrument.absorption = try number(absorption ?? 0, "absorption", 0...10)
        instrument.equatorialDivergence = try number(divergence ?? 0, "divergence", 0...10)
        if let axial = try axial.map({ try numbers($0, "axial", 1...3) }) {
            for value in axial.prefix(2) { _ = try number(value, "axial", 0...0.3) }
            instrument.axial = AxialDivergence(
                sample: axial[0], slit: axial.count > 1 ? axial[1] : axial[0],
                incident: axial.count > 2 ? try number(axial[2], "axial", 0...20) : 0)
        }
        return instrument
    }

    private func shape(_ instrument: inout Instrument) throws(InterfaceError) {
        let shapes: [String: PeakShape] = [
            "gaussian": .gaussian, "lorentzian": .lorentzian, "pseudo-voigt": .pseudoVoigt,
            "tch": .thompsonCoxHastings,
        ]
        let profile = profile ?? "tch"
        guard let shape = shapes[profile] else {
            throw .unknownName(profile, what: "profile", known: shapes.keys.sorted().joined(separator: ", "))
        }
        instrument.shape = shape
        guard normalize == nil || normalize == "area" || normalize == "height" else {
            throw .unknownName(normalize ?? "", what: "normalization", known: "area, height")
        }
        instrument.normalization = normalize == "height" ? .height : .area
        let eta = try number(eta ?? 0.5, "eta", 0...1)
        let isLorentzian = shape == .lorentzian
        if let fwhm {
            let width = try number(fwhm, "fwhm", 1e-4...30)
            instrument.widths = PeakWidths(
                u: 0, v: 0, w: isLorentzian ? 0 : width * width, x: isLorentzian ? width : 0, eta: eta)
            return
        }
        let square = try numbers(caglioti ?? [0.004, -0.003, 0.004], "caglioti", 3...4)
        let linear = try numbers(lorentz ?? (isLorentzian ? [0.1, 0] : [0.03, 0]), "lorentz", 1...2)
        instrument.widths = PeakWidths(
            u: square[0], v: square[1], w: square[2], p: square.count > 3 ? square[3] : 0, x: linear[0],
            y: linear.count > 1 ? linear[1] : 0, eta: eta)
    }
}
