// Small comforts; without them every page works all the same.
document.documentElement.classList.add("js");
