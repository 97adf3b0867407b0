// Runs EPUBCheck over several files in one Java machine; its own program takes one file.

import com.adobe.epubcheck.tool.EpubChecker;

class CheckEpubs {
  public static void main(String[] files) {
    int worst = 0;
    for (String file : files) {
      worst = Math.max(worst, new EpubChecker().run(new String[] {"--quiet", "--failonwarnings", file}));
    }
    System.exit(worst);
  }
}
