import Foundation
import LearnedModels
import Testing

/// Where Chromium is; nil where the PATH has none.
enum Browser {
    static let chromium: URL? = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        for name in ["chromium", "chromium-browser", "google-chrome"] {
            for folder in path.split(separator: ":") {
                let file = URL(fileURLWithPath: String(folder)).appendingPathComponent(name)
                if FileManager.default.isExecutableFile(atPath: file.path) { return file }
            }
        }
        return nil
    }()
}

/// Pages in a browser: no script fails, nothing is wider than a phone, numbers are those of the JSON.
/// `Scripts/bootstrap --browser` installs Chromium where apt has it.
@Suite(
    "pages in a browser", .serialized,
    .enabled(
        if: CommandRun.binary != nil && Browser.chromium != nil, "chromium is not on the PATH: skipped"))
struct BrowserTests {
    struct Seen: Decodable {
        /// Pixels that the page would need.
        let scroll: Int
        let errors: [String]
        /// The key numbers.
        let numbers: [String]
        /// Elements with pictures that have no name.
        let nameless: Int
        /// Letters of the page's own plots, pixels on the screen.
        let letters: Double
        /// Pictures that the page draws or holds.
        let pictures: Int
        /// The least contrast of a text with what is behind it, as WCAG counts, and the text.
        let contrast: Double
        let faintest: String
        /// Canvases with nothing on them when the window has changed its size, as a phone's does while it scrolls.
        let blank: Int
    }

    /// The page in a frame of a width, as its scripts and styles make it.
    static func look(at page: URL, width: Int, in folder: URL) throws -> Seen {
        var html = try String(contentsOf: page, encoding: .utf8)
        let catching =
            "<head><script>window.faults=[];addEventListener('error',function(e){faults.push(String(e.message))});</script>"
        html = html.replacing("<head>", with: catching, maxReplacements: 1)
        let inside = html.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
        let asking = """
            f.onload=function(){setTimeout(function(){var d=f.contentDocument;
            var own=d.querySelector('svg.own'),scale=own?own.getBoundingClientRect().width/own.viewBox.baseVal.width:1;
            var letter=own&&own.querySelector('text')?parseFloat(f.contentWindow.getComputedStyle(own.querySelector('text')).fontSize)*scale:99;
            function parts(c){var m=c.match(/[\\d.]+/g).map(Number);return m.length<4?m.concat(1):m}
            function lum(c){return [0.2126,0.7152,0.0722].reduce(function(s,w,i){var v=c[i]/255;return s+w*(v<=0.03928?v/12.92:Math.pow((v+0.055)/1.055,2.4))},0)}
            function behind(e){for(;e;e=e.parentElement){var c=parts(f.contentWindow.getComputedStyle(e).backgroundColor);if(c[3]>0.99)return c}return [255,255,255,1]}
            var worst=99,faint='';
            d.querySelectorAll('main *:not(script):not(svg *),footer').forEach(function(e){
            if(!Array.from(e.childNodes).some(function(n){return n.nodeType==3&&n.data.trim()})||!e.getClientRects().length)return;
            var a=lum(parts(f.contentWindow.getComputedStyle(e).color)),b=lum(behind(e)),r=(Math.max(a,b)+0.05)/(Math.min(a,b)+0.05);
            if(r<worst){worst=r;faint=e.tagName+' '+e.textContent.trim().slice(0,40)}});
            f.contentWindow.dispatchEvent(new Event('resize'));
            var blank=Array.from(d.querySelectorAll('canvas')).filter(function(c){var q=c.getContext('2d').getImageData(0,0,c.width,c.height).data;for(var i=3;i<q.length;i+=4)if(q[i])return false;return true}).length;
            p.textContent=JSON.stringify({blank:blank,contrast:worst,faintest:faint,pictures:d.querySelectorAll('figure svg,figure canvas').length,scroll:d.documentElement.scrollWidth,errors:f.contentWindow.faults,letters:letter,
            numbers:Array.from(d.querySelectorAll('.figures em')).map(function(e){return e.textContent}),
            nameless:Array.from(d.querySelectorAll('figure svg')).filter(function(e){return !e.getAttribute('aria-label')&&!e.getAttribute('aria-hidden')}).length})},500)}
            """
        let wrapper = folder.appending(path: "frame.html")
        let text =
            "<!doctype html><body><iframe id=f style=\"border:0;width:\(width)px;height:2000px\" srcdoc=\"\(inside)\"></iframe><pre id=p></pre><script>\(asking)</script>"
        try Data(text.utf8).write(to: wrapper)
        let process = Process()
        process.executableURL = Browser.chromium
        process.arguments = [
            "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=4000", "--dump-dom",
            "--window-size=1400,2000", wrapper.absoluteString,
        ]
        let output = folder.appending(path: "dom.html")
        try Data().write(to: output)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let dom = try String(contentsOf: output, encoding: .utf8)
        let found = try #require(dom.firstMatch(of: /<pre id="p">(.*?)<\/pre>/.dotMatchesNewlines()))
        let answer = String(found.1).replacing("&amp;", with: "&").replacing("&lt;", with: "<")
            .replacing("&gt;", with: ">")
        return try JSONDecoder().decode(Seen.self, from: Data(answer.utf8))
    }

    private static let pattern = CommandRun.data("patterns/pbso4-x.dat")
    private static let structure = CommandRun.data("structures/pbso4.cif")

    /// A command whose folder has a page, after others that it needs, and the numbers of its summary that the page has to show.
    struct Job: Sendable, CustomTestStringConvertible {
        var words: [String]
        var page = "report.html"
        var summary = "summary.json"
        var before: [[String]] = []
        /// Numbers of the summary by their keys, as the page writes them.
        var shown: [(path: [String], format: String, factor: Double)] = []
        var needsModels = false

        var testDescription: String { words.prefix(2).joined(separator: " ") }
    }

    private static let start = CommandRun.data("starts/pbso4-1.cif")
    private static let agreement = [
        (path: ["rwp"], format: "%.2f%%", factor: 100.0), (path: ["gof"], format: "%.2f", factor: 1.0),
    ]

    static let jobs: [Job] = [
        Job(
            words: ["refine", pattern, structure, "--range", "15:60", "--free", "lattice/W,X", "-o", "out"],
            summary: "refined.json", shown: agreement),
        Job(words: ["scan", structure, "--along", "Pb1.x,a", "-o", "out"]),
        Job(words: ["map", structure, "--along", "Pb1.x,Pb1.z", "--grid", "31x31", "-o", "out"]),
        Job(words: [
            "paths", structure, "--along", "a,b", "--grid", "21x21", "--start", "a=8.7,b=5.5", "-o", "out",
        ]),
        Job(
            words: ["index", pattern, "--range", "15:60", "--lattices", "oP", "-o", "out"],
            page: "index.html", summary: "index.json"),
        Job(
            words: ["groups", pattern, "--cell", "8.48,5.40,6.96", "-o", "out"], page: "groups.html",
            summary: "groups.json"),
        Job(
            words: [
                "recover", "--pattern", pattern, "--start", start, "--space-group", "Pnma", "--range",
                "15:120", "-o", "out",
            ], shown: agreement),
        Job(
            words: [
                "solve", pattern, "--formula", "PbSO4", "--cell", "8.48,5.398,6.959", "--space-group", "Pnma",
                "--range", "15:120", "-o", "out",
            ], shown: [(["best", "rwp"], "%.2f%%", 100)]),
        Job(
            words: ["validate", CommandRun.data("structures"), "-o", "out"],
            shown: [(["rates", "valid", "share"], "%.1f%%", 100)]),
        Job(
            words: ["study", "report", "s.sqlite", "-o", "out"], summary: "",
            before: [
                [
                    "study", "recovery", "--structures", CommandRun.data("structures"), "--arms", "wyckoff",
                    "--noise", "lattice=0.05", "--samples", "1", "--store", "s.sqlite",
                ]
            ]),
        Job(
            words: [
                "design", "--template", "rocksalt", "--gap", "2.5±0.5", "--formation-energy", "min",
                "--candidates", "4", "--judge", "none", "-o", "out",
            ], shown: [(["success"], "%.1f %%", 100)], needsModels: true),
    ]

    /// The number at the end of keys; nil where there is none.
    private static func number(_ path: [String], in summary: Data) throws -> Double? {
        var place: Any? = try JSONSerialization.jsonObject(with: summary)
        for key in path { place = (place as? [String: Any])?[key] }
        return place as? Double
    }

    @Test(
        "no script fails, no page scrolls sideways, pictures have names, letters can be read, numbers are the summary's",
        arguments: jobs)
    func pages(job: Job) throws {
        if job.needsModels {
            guard LearnedModel.propertyModels.allSatisfy(ModelStore.standard.isInstalled) else { return }
        }
        try CommandRun.inFolder { folder in
            for words in job.before { _ = try CommandRun(words, in: folder) }
            // Without gnuplot, so that what is seen is what the page itself draws.
            let run = try CommandRun(job.words, in: folder, environment: ["PATH": "/nowhere"])
            #expect(run.status != 2, "\(run.errors)")
            let file = folder.appending(path: "out/\(job.page)")
            for width in [390, 1100] {
                let seen = try Self.look(at: file, width: width, in: folder)
                #expect(seen.errors.isEmpty, "\(width): \(seen.errors)")
                #expect(seen.scroll <= width, "\(width): \(seen.scroll)")
                #expect(seen.pictures > 0, "no picture without gnuplot")
                #expect(seen.nameless == 0, "\(seen.nameless) pictures without a name")
                #expect(seen.blank == 0, "\(seen.blank) drawings are gone when the window changes")
                #expect(seen.letters > 8, "\(width): letters of \(seen.letters) pixels")
                #expect(seen.contrast >= 4.5, "\(seen.contrast) of '\(seen.faintest)'")
                for (path, format, factor) in job.shown {
                    let summary = try Data(contentsOf: folder.appending(path: "out/\(job.summary)"))
                    let value = try #require(try Self.number(path, in: summary), "\(path)")
                    let text = String(format: format, factor * value)
                    #expect(seen.numbers.contains(text), "\(text) of \(seen.numbers)")
                }
            }
        }
    }
}
