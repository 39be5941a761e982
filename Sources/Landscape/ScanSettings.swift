/// Every number that decides what a scan, a map or a comparison with a measured pattern shows (Docs/Settings.md lists them).
///
/// A field says its unit and its reason. What is asked of a scan (range, step, widths) is not here: that is the user's.
package struct ScanSettings: Codable, Sendable, Hashable {
    /// How far an axis goes where nobody says.
    package var reach = Reach()
    /// How finely an objective is sampled of which nothing is proven.
    package var sampling = Sampling()
    /// What counts as one place, and as no change.
    package var identity = Identity()
    /// Which overlaps of peaks explain a false minimum.
    package var crossings = Crossings()
    /// How a measured pattern is made comparable.
    package var target = Target()
    /// Å; of the differences of gradients that a Hessian is made of.
    package var hessianStep = 1e-4

    /// With the values that Docs/Settings.md lists.
    package init() {}

    /// How far an axis goes where nobody says.
    package struct Reach: Codable, Sendable, Hashable {
        /// Factors of a length. Segal et al. 2025 look at a fifth to both sides.
        package var lengths = 0.8...1.2
        /// Degrees to both sides of an angle…
        package var angle = 20.0
        /// …and degrees beyond which no angle goes: the cells there are flat, nearly.
        package var angles = 30.0...150.0
        /// Fractional, to both sides of a coordinate: one period.
        package var coordinate = 0.5
        /// Share of the sum of covalent radii within which atoms collide: no bond is that short.
        package var collisionShare = 0.5
        /// Where the truth itself is tighter, this share of what it has.
        package var ownShare = 0.9
        /// Steps of half a period at which contacts are looked at: 0.02 Å in a cell of 8 Å.
        package var contactSteps = 200
        /// Steps from the truth to an end at which an energy is asked whether it has a value.
        package var energySteps = 100
        /// Halvings of the step in which the end lies.
        package var bisections = 30
    }

    /// How finely an objective is sampled of which nothing is proven (`CertifiedScan.heuristic`).
    package struct Sampling: Codable, Sendable, Hashable {
        /// Samples while the fastest peak moves by its own width. Four, and halving where they do not foretell the curve.
        package var ofPeak = 4.0
        /// Samples of an axis at least…
        package var least = 32.0
        /// …and where the step is the user's.
        package var leastAsked = 8.0
        /// Samples for each wave of the highest frequency of an intensity: twice for the square of the pattern, eight for
        /// what is done with it.
        package var ofWave = 16
        /// The same where the step is the user's: fewer do not see every wave.
        package var ofWaveAsked = 2
        /// The highest frequency along a coordinate where it cannot be calculated.
        package var assumedFrequency = 16
        /// Samples of an axis of an energy: energies vary over some tenths of an Å…
        package var ofEnergy = 100.0
        /// …and where the step is the user's.
        package var ofEnergyAsked = 20.0
        /// Degrees 2θ; no peak is taken for narrower.
        package var leastWidth = 0.01
        /// Places of an axis, its ends included, at which the fastest peak is looked for.
        package var places = 5
        /// Of the cubic between two samples: the share of the slopes nearby by which it may miss what lies between.
        package var tolerance = 0.1
        /// Times that an interval is halved at most.
        package var depth = 6
        /// Samples of an exact scan, for each degree of its polynomial, when it is checked by sampling.
        package var ofDegree = 32
    }

    /// What counts as one place, and as no change.
    package struct Identity: Codable, Sendable, Hashable {
        /// Range of an objective below which it does not depend on the parameter: rounding.
        package var flat = 1e-9
        /// Share of the domain within which two values of a lattice parameter are one.
        package var sameLength = 1e-9
        /// Share of the domain (of a period for a coordinate) below which stationary points are not told apart.
        package var resolution = 1e-4
    }

    /// Which overlaps of peaks explain a false minimum (`PeakCrossing`).
    package struct Crossings: Codable, Sendable, Hashable {
        /// Share of the strongest peak below which none is looked at…
        package var intensity = 1e-3
        /// …and how many are at most, the strongest first.
        package var peaks = 400
        /// Half widths beyond which two peaks do not overlap: a Lorentzian is down to a seventeenth.
        package var distance = 4.0
        /// Share of all overlap below which none is named…
        package var share = 0.01
        /// …and how many are at most.
        package var named = 3
    }

    /// How a measured pattern is made comparable (`MeasuredTarget`).
    package struct Target: Codable, Sendable, Hashable {
        /// Coefficients of the Chebyshev background.
        package var backgroundTerms = 8
        /// Degrees 2θ; full widths among which the one of all peaks is looked for.
        package var widths = 0.03...2.0
        /// Steps of a geometric scale of widths at which it is looked for first: what is left over has several minima.
        package var steps = 10
        /// To which the logarithm of the width is found.
        package var tolerance = 1e-3
        /// Lorentzian part of that one width, as the paper's simulator has.
        package var lorentzian = 0.9
    }
}
