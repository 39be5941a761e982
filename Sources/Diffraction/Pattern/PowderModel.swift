import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// Everything that a calculated powder pattern depends on: phases, instrument, background.
///
/// Every number is a named parameter: `zero`, `displacement`, `transparency`, `absorption`, `U V W P X Y eta`,
/// `SL HL` (axial divergence),
/// `background.0`…, and of each phase `scale`, the lattice parameters, `O1.x`…, `O1.B` (or `O1.U11`…),
/// `O1.occupancy` (`O1.Ti.occupancy` on a shared site), `B` (overall), `size`, `strain`, `march`, `S400`… and `zeta`
/// (microstrain by invariants, 10⁻⁸ Å⁻⁴, and its Lorentzian share), `C2.1`… (texture by harmonics). With several
/// phases those of a phase carry its name before: `fluorite.a`. `Pb.B` and `Pb.occupancy` name all sites of an
/// element together, unless a site has that label itself.
public struct PowderModel: Sendable, Hashable {
    /// March–Dollase preferred orientation (Dollase, J. Appl. Cryst. 19 (1986) 267).
    public struct PreferredOrientation: Sendable, Hashable {
        /// Miller indices of the plane that plates lie on, or needles stand on.
        public var plane: SIMD3<Int>
        /// r = 1: none; r < 1: plates in Bragg–Brentano geometry.
        public var ratio: Double

        /// March–Dollase along the normal of a plane (hkl); a ratio of 1 is a random powder, below 1 platy.
        public init(plane: SIMD3<Int>, ratio: Double = 1) {
            self.plane = plane
            self.ratio = ratio
        }
    }

    /// A crystalline phase of the powder.
    public struct Phase: Sendable, Hashable {
        /// The prefix of its parameters where there are several phases.
        public var name: String
        /// Whether its parameters carry no prefix though there are other phases: the one that is looked for beside known ones.
        package var hasPlainNames = false
        /// The structure in its reduced space.
        public var structure: ReducedStructure
        /// The scale of its intensities, ≥ 0.
        public var scale: Double
        /// exp(−2 B sin²θ/λ²) over all intensities, beside the sites' own displacements; Å².
        public var overallB: Double
        /// Lorentzian widths beside the instrument's: size/cosθ and strain · tanθ, degrees 2θ.
        public var size: Double
        /// Microstrain ε, without unit: widths grow by 4ε·tan θ.
        public var strain: Double
        /// Texture; nil for a random powder.
        public var preferredOrientation: PreferredOrientation?
        /// Microstrain by the invariants of the Laue class, beside `strain`; nil for none.
        public var microstrain: AnisotropicMicrostrain?
        /// Texture by harmonics of the Laue class, beside `preferredOrientation`; nil for none.
        public var texture: HarmonicTexture?

        /// Anisotropic displacements are made to obey their sites' symmetry.
        public init(
            _ structure: ReducedStructure, name: String = "", scale: Double = 1, overallB: Double = 0,
            size: Double = 0, strain: Double = 0, preferredOrientation: PreferredOrientation? = nil
        ) {
            self.name = name
            self.structure = structure
            for index in structure.orbits.indices {
                guard case .anisotropic(let u) = structure.orbits[index].displacement else { continue }
                self.structure.orbits[index].displacement = .anisotropic(
                    u: DisplacementDirection.symmetrized(
                        u, at: structure.orbits[index].siteSymmetry, lattice: structure.lattice))
            }
            self.scale = scale
            self.overallB = overallB
            self.size = size
            self.strain = strain
            self.preferredOrientation = preferredOrientation
        }
    }

    /// The phases, at least one.
    public var phases: [Phase]
    /// The instrument; its parameters are refined with the phases.
    public var instrument: Instrument
    /// Coefficients of `backgroundFunction`.
    public var background: [Double]
    /// The functions whose coefficients `background` holds.
    public var backgroundFunction: BackgroundFunction
    /// The table of form factors (Data/README.md names their sources).
    public var scatteringTable: ScatteringTable
    /// Whether f′ and f″ enter.
    public var dispersion: Bool

    /// A model of one pattern: phases, instrument and background.
    public init(
        phases: [Phase], instrument: Instrument, background: [Double] = [],
        backgroundFunction: BackgroundFunction = .chebyshev,
        scatteringTable: ScatteringTable = .wk95, dispersion: Bool = true
    ) {
        self.phases = phases
        self.instrument = instrument
        self.background = background
        self.backgroundFunction = backgroundFunction
        self.scatteringTable = scatteringTable
        self.dispersion = dispersion
    }
}

extension PowderModel {
    /// Every parameter by name, with value, unit, bounds.
    public var parameters: [Parameter] {
        let structures = phases.map(\.structure.parameters)
        let coordinates = phases.map(\.structure.freeCoordinates)
        return quantities.map { name, quantity in
            switch quantity {
            case .lattice(let phase, let k):
                var parameter = structures[phase][k]
                parameter.name = name
                return parameter
            case .coordinate(let phase, let orbit, let k):
                let count = phases[phase].structure.latticeParameters.names.count
                let index =
                    coordinates[phase].firstIndex { $0.orbit == orbit && $0.coordinate == k } ?? 0
                var parameter = structures[phase][count + index]
                parameter.name = name
                return parameter
            default: return parameter(name, quantity)
            }
        }
    }

    /// The value of a parameter, a tie of an element (`Pb.B`: its first site) included; nil for an unknown name.
    public subscript(name: String) -> Double? { members(of: name).first.map { value(of: $0) } }

    /// Sets a parameter, or all that a tie of an element moves together.
    ///
    /// - Throws: where no parameter has the name.
    public mutating func set(_ name: String, to value: Double) throws(DiffractionError) {
        let members = members(of: name)
        guard !members.isEmpty else { throw .unknownParameter(name) }
        for quantity in members { set(quantity, to: value) }
    }

    /// Whether a name means something of the crystals: cell, coordinates, displacements or occupancies, which another
    /// measurement of the same sample shares; not scale, background, instrument or texture. False for an unknown name.
    package func belongsToStructure(_ name: String) -> Bool {
        switch members(of: name).first {
        case .lattice, .coordinate, .b, .u, .occupancy: true
        default: false
        }
    }

    /// The quantities that a name moves together; empty for an unknown name.
    func members(of name: String) -> [PowderQuantity] { members(of: [name])[0] }

    /// The same for many names at once: the list of all parameters is made once.
    func members(of names: [String]) -> [[PowderQuantity]] {
        let all = quantities
        let exact = Dictionary(all.map { ($0.name, $0.quantity) }, uniquingKeysWith: { first, _ in first })
        return names.map { name in
            if let quantity = exact[name] { return [quantity] }
            let name = Parameter.asciiName(name)
            return exact[name].map { [$0] } ?? tied(name, among: all.map(\.quantity))
        }
    }

    /// What `Pb.B` or `Pb.occupancy` moves together.
    private func tied(_ name: String, among all: [PowderQuantity]) -> [PowderQuantity] {
        for phase in phases.indices {
            let prefix = prefix(of: phase)
            guard name.hasPrefix(prefix) else { continue }
            let parts = name.dropFirst(prefix.count).split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, let element = Element(symbol: parts[0]) else { continue }
            let tied = all.filter { quantity in
                switch quantity {
                case .b(phase, let orbit) where parts[1] == "B":
                    phases[phase].structure.orbits[orbit].occupants.first?.species.element == element
                case .occupancy(phase, let orbit, let occupant) where parts[1] == "occupancy":
                    phases[phase].structure.orbits[orbit].occupants[occupant].species.element == element
                default: false
                }
            }
            if !tied.isEmpty { return tied }
        }
        return []
    }

    private func prefix(of phase: Int) -> String {
        phases.count == 1 || phases[phase].hasPlainNames
            ? "" : (phases[phase].name.isEmpty ? "phase\(phase + 1)" : phases[phase].name) + "."
    }

    /// Name and meaning of every parameter, in the order of `parameters`.
    var quantities: [(name: String, quantity: PowderQuantity)] {
        var list: [(name: String, quantity: PowderQuantity)] = []
        for phase in phases.indices {
            let prefix = prefix(of: phase)
            let structure = phases[phase].structure
            func add(_ name: String, _ quantity: PowderQuantity) { list.append((prefix + name, quantity)) }
            add("scale", .scale(phase: phase))
            for (k, name) in structure.latticeParameters.names.enumerated() {
                add(name, .lattice(phase: phase, k))
            }
            for index in structure.freeCoordinates {
                let orbit = structure.orbits[index.orbit]
                add(
                    "\(orbit.label).\(orbit.siteSymmetry.coordinateNames[index.coordinate])",
                    .coordinate(phase: phase, orbit: index.orbit, index.coordinate))
            }
            for (index, orbit) in structure.orbits.enumerated() {
                if case .anisotropic = orbit.displacement {
                    for direction in DisplacementDirection.free(at: orbit.siteSymmetry) {
                        add("\(orbit.label).\(direction.name)", .u(phase: phase, orbit: index, direction))
                    }
                } else {
                    add("\(orbit.label).B", .b(phase: phase, orbit: index))
                }
            }
            for (index, orbit) in structure.orbits.enumerated() {
                for (occupant, species) in orbit.occupants.map(\.species).enumerated() {
                    let name =
                        orbit.occupants.count == 1 ? orbit.label : "\(orbit.label).\(species.description)"
                    add(
                        "\(name).occupancy", .occupancy(phase: phase, orbit: index, occupant: occupant))
                }
            }
            add("B", .overallB(phase: phase))
            add("size", .size(phase: phase))
            add("strain", .strain(phase: phase))
            if phases[phase].preferredOrientation != nil { add("march", .march(phase: phase)) }
            if let microstrain = phases[phase].microstrain {
                for (k, form) in microstrain.invariants.forms.enumerated() {
                    add(form.name, .microstrain(phase: phase, k))
                }
                add("zeta", .microstrainShare(phase: phase))
            }
            for (k, name) in (phases[phase].texture?.names ?? []).enumerated() {
                add(name, .texture(phase: phase, k))
            }
        }
        list += [
            ("zero", .zero), ("displacement", .displacement), ("transparency", .transparency),
            ("absorption", .absorption),
        ]
        for (k, name) in PeakWidths.names.enumerated() { list.append((name, .width(k))) }
        if instrument.axial != nil { list += [("SL", .axial(0)), ("HL", .axial(1))] }
        for k in background.indices { list.append(("background.\(k)", .background(k))) }
        return list
    }

    func value(of quantity: PowderQuantity) -> Double {
        switch quantity {
        case .zero: instrument.zero
        case .displacement: instrument.displacement
        case .transparency: instrument.transparency
        case .absorption: instrument.absorption
        case .width(let k): instrument.widths.values[k]
        case .axial(let k): (k == 0 ? instrument.axial?.sample : instrument.axial?.slit) ?? 0
        case .background(let k): background[k]
        default: quantity.phase.map { phases[$0].value(of: quantity) } ?? 0
        }
    }

    mutating func set(_ quantity: PowderQuantity, to value: Double) {
        switch quantity {
        case .zero: instrument.zero = value
        case .displacement: instrument.displacement = value
        case .transparency: instrument.transparency = value
        case .absorption: instrument.absorption = value
        case .width(let k): instrument.widths.values[k] = value
        case .axial(0): instrument.axial?.sample = value
        case .axial: instrument.axial?.slit = value
        case .background(let k): background[k] = value
        default:
            guard let phase = quantity.phase else { return }
            phases[phase].set(quantity, to: value)
        }
    }

    private func parameter(_ name: String, _ quantity: PowderQuantity) -> Parameter {
        let value = value(of: quantity)
        let largest = 1e12
        func made(
            _ kind: ParameterKind, _ bounds: ClosedRange<Double>, scale: Double = 1
        ) -> Parameter {
            Parameter(name: name, value: value, kind: kind, bounds: bounds, formula: "", scale: scale)
        }
        switch quantity {
        case .b, .overallB:
            return made(.isotropicDisplacement, -5...25)
        case .u: return made(.anisotropicDisplacement, -0.1...0.5, scale: 0.01)
        case .occupancy: return made(.occupancy, 0...1)
        case .scale: return made(.scale, 0...largest, scale: max(abs(value), 1e-12))
        case .axial: return made(.correction, 0...0.3, scale: 0.01)
        case .march: return made(.correction, 0.1...10)
        case .microstrainShare: return made(.correction, 0...1)
        case .texture: return made(.correction, -10...10, scale: 0.1)
        case .microstrain(let phase, let k):
            // Along an axis the form alone is the variance.
            let isVariance = phases[phase].microstrain?.invariants.forms[k].isOfAxis ?? false
            return made(
                .correction, (isVariance ? 0 : -largest)...largest, scale: max(abs(value), 0.01))
        case .absorption: return made(.correction, 0...3)
        case .background: return made(.background, -largest...largest, scale: max(abs(value), 1))
        case .width(let k):
            return made(k < 4 ? .lineVariance : k < 6 ? .lineWidth : .correction, -10...10, scale: 0.01)
        case .size, .strain: return made(.lineWidth, -5...5, scale: 0.01)
        case .zero, .displacement, .transparency, .lattice, .coordinate:
            return made(.lineShift, -5...5, scale: 0.01)
        }
    }
}
