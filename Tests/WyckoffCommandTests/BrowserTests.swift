import Foundation
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
            p.textContent=JSON.stringify({scroll:d.documentElement.scrollWidth,errors:f.contentWindow.faults,letters:letter,
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

    static let jobs: [(words: [String], page: String)] = [
        (
            ["refine", pattern, structure, "--range", "15:60", "--free", "lattice/W,X", "-o", "out"],
            "report.html"
        ),
        (["scan", structure, "--along", "Pb1.x,a", "-o", "out"], "report.html"),
        (["map", structure, "--along", "Pb1.x,Pb1.z", "--grid", "31x31", "-o", "out"], "report.html"),
        (
            ["paths", structure, "--along", "a,b", "--grid", "21x21", "--start", "a=8.7,b=5.5", "-o", "out"],
            "report.html"
        ),
        (["index", pattern, "--range", "15:60", "--lattices", "oP", "-o", "out"], "index.html"),
    ]

    @Test(
        "no script fails, no page scrolls sideways, every picture has a name, letters can be read",
        arguments: jobs.indices)
    func pages(job: Int) throws {
        let (words, page) = Self.jobs[job]
        try CommandRun.inFolder { folder in
            // Without gnuplot, so that what is seen is what the page itself draws.
            let run = try CommandRun(words, in: folder, environment: ["PATH": "/nowhere"])
            #expect(run.status != 2, "\(run.errors)")
            let file = folder.appending(path: "out/\(page)")
            for width in [390, 1100] {
                let seen = try Self.look(at: file, width: width, in: folder)
                #expect(seen.errors.isEmpty, "\(words[0]) at \(width): \(seen.errors)")
                #expect(seen.scroll <= width, "\(words[0]) at \(width): \(seen.scroll)")
                #expect(seen.nameless == 0, "\(words[0]): \(seen.nameless) pictures without a name")
                #expect(seen.letters > 8, "\(words[0]) at \(width): letters of \(seen.letters) pixels")
            }
        }
    }

    @Test("the numbers of a refinement's page are those of refined.json")
    func numbers() throws {
        struct Summary: Decodable {
            let rwp: Double
            let gof: Double
        }
        try CommandRun.inFolder { folder in
            _ = try CommandRun(Self.jobs[0].words, in: folder)
            let data = try Data(contentsOf: folder.appending(path: "out/refined.json"))
            let summary = try JSONDecoder().decode(Summary.self, from: data)
            let seen = try Self.look(at: folder.appending(path: "out/report.html"), width: 1100, in: folder)
            #expect(seen.numbers.contains(String(format: "%.2f%%", 100 * summary.rwp)), "\(seen.numbers)")
            #expect(seen.numbers.contains(String(format: "%.2f", summary.gof)), "\(seen.numbers)")
        }
    }
}
