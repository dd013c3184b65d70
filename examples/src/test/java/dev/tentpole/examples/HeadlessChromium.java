package dev.tentpole.examples;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The machine's own Chromium, without a window, with what its console said and which addresses it asked for.
 */
final class HeadlessChromium implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Kept, since a logger that nobody holds forgets its level. */
    private static final Logger CDP_LOG = Logger.getLogger("org.openqa.selenium.devtools.CdpVersionFinder");

    static {
        // It warns that it lacks classes for this Chromium's DevTools, of which none are used.
        CDP_LOG.setLevel(Level.SEVERE);
    }

    private final ChromeDriver driver;

    private HeadlessChromium(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Skips the tests of the calling class, with one line that says why, where there is no Chromium. */
    static HeadlessChromium startOrSkip() {
        Optional<File> browser = onPath("chromium");
        Optional<File> chromedriver = onPath("chromedriver");
        Assumptions.assumeTrue(
                browser.isPresent() && chromedriver.isPresent(),
                "skipped: chromium or chromedriver is not on the PATH (Debian: apt-get install chromium chromium-driver)");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser.orElseThrow());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1440,900",
                "--lang=en-US",
                // A name of the world outside must fail loudly, not be looked up.
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        // The driver's path is given, so that Selenium never looks for one to download.
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.orElseThrow())
                .usingAnyFreePort()
                .build();
        return new HeadlessChromium(new ChromeDriver(service, options));
    }

    ChromeDriver driver() {
        return driver;
    }

    /** Waits until the condition gives a value other than null and false; what the page shows instead is told. */
    <T> T await(String what, Function<? super WebDriver, @Nullable T> condition) {
        try {
            return new WebDriverWait(driver, PATIENCE, Duration.ofMillis(40))
                    .ignoring(StaleElementReferenceException.class)
                    .until(condition);
        } catch (TimeoutException e) {
            Object text = driver.executeScript("return document.body.innerText.slice(0, 2000);");
            throw new AssertionError("waited " + PATIENCE + " for " + what + "; the page shows: " + text, e);
        }
    }

    /** Runs the body of an asynchronous function in the page and answers what it returns; its failure is an error here. */
    Object evaluate(String body, Object... arguments) {
        driver.manage().timeouts().scriptTimeout(PATIENCE);
        String script = "const done = arguments[arguments.length - 1]; const args = [...arguments].slice(0, -1);"
                + "(async () => {" + body + "})().then((value) => done([value ?? null]),"
                + " (error) => done([null, String(error.stack ?? error)]));";
        List<?> answer = (List<?>) driver.executeAsyncScript(script, arguments);
        if (answer.size() > 1) {
            throw new AssertionError("the script in the page failed: " + answer.get(1));
        }
        return answer.get(0);
    }

    void devTools(String command, Map<String, Object> parameters) {
        driver.executeCdpCommand(command, parameters);
    }

    /** What the console said since it was asked last, warnings and worse; not about the tests' reading of pixels. */
    List<String> complaints() {
        return entries(LogType.BROWSER)
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .filter(message -> !message.contains("readback operations using getImageData"))
                .toList();
    }

    /** The addresses that were asked for since this was asked last, {@code data:} and {@code blob:} ones left out. */
    List<String> requestedAddresses() {
        Pattern local = Pattern.compile("(data|blob|about|chrome):.*", Pattern.DOTALL);
        return entries(LogType.PERFORMANCE)
                .map(entry -> JSON.readTree(entry.getMessage()).path("message"))
                .filter(event -> event.path("method").asString("").equals("Network.requestWillBeSent")
                        || event.path("method").asString("").equals("Network.webSocketCreated"))
                .map(HeadlessChromium::address)
                .filter(address -> !local.matcher(address).matches())
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }

    private static String address(JsonNode event) {
        JsonNode params = event.path("params");
        return params.path("request").path("url").asString(params.path("url").asString(""));
    }

    private Stream<LogEntry> entries(String type) {
        return StreamSupport.stream(driver.manage().logs().get(type).spliterator(), false);
    }

    private static Optional<File> onPath(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        for (String folder : path.split(Pattern.quote(File.pathSeparator), -1)) {
            Path candidate = Path.of(folder, program);
            if (Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
                return Optional.of(candidate.toFile());
            }
        }
        return Optional.empty();
    }
}
