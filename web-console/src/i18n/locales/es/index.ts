import calls from "./calls.json";
import common from "./common.json";
import control from "./control.json";
import customers from "./customers.json";
import house from "./house.json";
import phone from "./phone.json";
import recorder from "./recorder.json";
import shell from "./shell.json";

export default {
  ...common,
  ...shell,
  ...calls,
  ...customers,
  ...house,
  ...phone,
  ...control,
  ...recorder,
};
