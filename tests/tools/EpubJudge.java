import com.adobe.epubcheck.api.EPUBLocation;
import com.adobe.epubcheck.api.EpubCheck;
import com.adobe.epubcheck.api.MasterReport;
import com.adobe.epubcheck.messages.Message;
import com.adobe.epubcheck.messages.Severity;
import com.adobe.epubcheck.util.FeatureEnum;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * epubcheck for many files in one process: reads file names, one a line, and answers each with
 * one line of findings (errors, warnings and usage hints), separated by tabs, or an empty line.
 */
public class EpubJudge {
  public static void main(String[] arguments) throws Exception {
    PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true, "UTF-8");
    System.setOut(System.err); // epubcheck prints on its own account
    BufferedReader names = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String name = names.readLine(); name != null; name = names.readLine()) {
      Findings findings = new Findings();
      findings.setLocale(Locale.ENGLISH);
      try {
        new EpubCheck(new File(name), findings).doValidate();
      } catch (Throwable failure) {
        findings.lines.add("FATAL " + failure);
      }
      answers.println(String.join("\t", findings.lines));
    }
  }

  private static class Findings extends MasterReport {
    final List<String> lines = new ArrayList<>();

    @Override
    public void message(Message message, EPUBLocation place, Object... arguments) {
      Severity severity = message.getSeverity();
      if (severity == Severity.SUPPRESSED || severity == Severity.INFO) {
        return;
      }
      String where = place == null ? "" : place.getPath() + ":" + place.getLine() + ":" + place.getColumn();
      String line = severity + " " + message.getID() + " " + where + " " + message.getMessage(arguments);
      lines.add(line.replaceAll("\\s+", " "));
    }

    @Override
    public void info(String resource, FeatureEnum feature, String value) {}

    @Override
    public int generate() {
      return 0;
    }

    @Override
    public void initialize() {}

    @Override
    public void close() {}
  }
}
